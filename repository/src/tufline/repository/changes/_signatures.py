"""The signatures of a file, and the invitations of an event."""

from collections.abc import Iterator

from tufline.repository.changes._facts import (
    Fact,
    InvitationOpened,
    InvitationWithdrawn,
    Reordered,
)
from tufline.repository.changes._key_facts import SignatureChanged
from tufline.repository.changes._leaves import ABSENT
from tufline.repository.changes._pair import (
    Described,
    Pair,
    describe_names,
    order_is_told,
    with_the_rest,
)
from tufline.repository.changes._signers import Directory


def describe_signatures(pair: Pair, directory: Directory) -> Iterator[Described]:
    """Describe the list of signatures, told apart by key id. The facts tell the whole list."""
    lists = pair.members("keyid")
    if lists is None:
        return
    before, after = lists
    claims = (pair.path,) if pair.list_is_told_by_names else ()
    for keyid in {**before, **after}:
        old, new = before.get(keyid, ABSENT), after.get(keyid, ABSENT)
        entry = Pair((*pair.path, keyid), old, new)
        for each in with_the_rest(entry, _describe_signature(entry, keyid, directory)):
            yield Described(each.fact, claims)
    if not order_is_told(before, list(after)):
        yield Described(Reordered(path=pair.path, order=tuple(after)), claims)


def describe_invitations(pair: Pair) -> Iterator[Described]:
    """Describe the object of invited roles by person."""
    for person, roles in pair.children():

        def gone(role: str, person: str = person) -> Fact:
            return InvitationWithdrawn(person=person, role=role)

        def come(role: str, person: str = person) -> Fact:
            return InvitationOpened(person=person, role=role)

        yield from describe_names(roles, gone, come)


def _describe_signature(pair: Pair, keyid: str, directory: Directory) -> Iterator[Described]:
    signature = pair.child("sig")
    values = signature.values(str)
    if values:
        signer = directory.signer(keyid)
        fact = SignatureChanged(signer=signer, before=values[0], after=values[1])
        yield Described(fact, (signature.path, pair.child("keyid").path))
