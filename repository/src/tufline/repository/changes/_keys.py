"""The keys that a file holds, by id."""

from collections.abc import Iterator

from tufline.repository.changes._key_facts import KeyAdded, KeyChanged, KeyRemoved, Signer
from tufline.repository.changes._leaves import ABSENT
from tufline.repository.changes._pair import Described, Pair
from tufline.repository.changes._signers import Rings
from tufline.repository.format import FIELD_MEANINGS


def describe_keys(pair: Pair, rings: Rings) -> Iterator[Described]:
    """Describe the object of keys by id, of root or of delegations."""
    for keyid, key in pair.children():
        if key.changed:
            yield from _describe_key(key, keyid, rings)


def _describe_key(pair: Pair, keyid: str, rings: Rings) -> Iterator[Described]:
    if pair.after is ABSENT:
        yield Described(KeyRemoved(signer=rings.before.signer(keyid)), (pair.path,))
    elif pair.before is ABSENT:
        yield from _describe_new_key(pair, rings.after.signer(keyid))
    else:
        signer = rings.after.signer(keyid)
        for leaf in pair.leaves():
            field = leaf.path[len(pair.path) :]
            fact = KeyChanged(signer=signer, field=field, before=leaf.before, after=leaf.after)
            yield Described(fact, (leaf.path,))


def _describe_new_key(pair: Pair, signer: Signer) -> Iterator[Described]:
    keytype, scheme = pair.child("keytype").after, pair.child("scheme").after
    if not isinstance(keytype, str) or not isinstance(scheme, str):
        return
    holder = [
        pair.child(field).path
        for field in FIELD_MEANINGS
        if pair.child(field).after == signer.label
    ]
    fact = KeyAdded(signer=signer, keytype=keytype, scheme=scheme)
    yield Described(fact, ((*pair.path, "keytype"), (*pair.path, "scheme"), *holder))
