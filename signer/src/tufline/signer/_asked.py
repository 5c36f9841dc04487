"""What a signing event asks of one person: invitations to accept, roles to sign. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from securesystemslib.signer import Key
from tuf.api.metadata import Root, Targets

from tufline.repository.format import ROOT, TARGETS, Document, Owner, RoleName, key_owner
from tufline.repository.jobs import Event, case_of
from tufline.repository.review import Case, Review, RoleCase, review_case
from tufline.repository.state import State, Unreadable, delegation_graph


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsigned:
    """A role that waits for a person's signatures.

    Attributes:
        keys: the person's keys that have not signed. For root that may be two, one trusted by the
            old root and one by the new.
        payload: what is to be signed.
    """

    role: RoleName
    version: int
    keys: tuple[Key, ...]
    payload: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What an event asks of a person now.

    Attributes:
        unsigned: roles whose content is final as far as invitations go.
        later: roles that the person will sign, and whose open invitations come first: their
            answers change the content, and would void the signature.
    """

    review: Review
    invited: tuple[RoleName, ...]
    unsigned: tuple[Unsigned, ...]
    later: Mapping[RoleName, tuple[Owner, ...]]

    @property
    def nothing(self) -> bool:
        """Whether there is nothing that the person could do now."""
        return not self.invited and not self.unsigned


def asked_of(person: Owner, event: Event, *, now: datetime) -> Asked:
    """Review the event and return what it asks of `person`."""
    case = case_of(event, now=now)
    mine = [(case.role(each.role), each) for each in _unsigned_roles(case, person)]
    return Asked(
        review=review_case(case),
        invited=tuple(case.invitations.roles_of.get(person, ())),
        unsigned=tuple(each for role, each in mine if not role.blocked_by),
        later={each.role: role.blocked_by for role, each in mine if role.blocked_by},
    )


def is_known(person: Owner, event: Event) -> bool:
    """Whether the person holds a key or an invitation, in the event or in known good."""
    invitations = event.proposed.invitations()
    if isinstance(invitations, Unreadable) or person in invitations.roles_of:
        return True
    return any(
        key_owner(key) == person
        for state in (event.proposed, event.known_good)
        for key in _all_keys(state)
    )


def _unsigned_roles(case: Case, person: Owner) -> Iterator[Unsigned]:
    for name in case.judged:
        role = case.role(name)
        keys = _unsigned_keys(role, person)
        if keys and isinstance(role.after, Document) and _is_new_content(role):
            document = role.after
            yield Unsigned(
                role=name,
                version=document.signed.version,
                keys=keys,
                payload=document.payload,
            )


def _is_new_content(role: RoleCase) -> bool:
    """Whether there is something to sign: what is published never gets other signatures."""
    before, after = role.before, role.after
    if not isinstance(before, Document) or not isinstance(after, Document):
        return True
    return before.payload != after.payload


def _unsigned_keys(role: RoleCase, person: Owner) -> tuple[Key, ...]:
    tallies = (*role.tallies, *((role.previous,) if role.previous else ()))
    keys = {
        keyid: tally.delegation.keys[keyid]
        for tally in tallies
        for keyid in (*tally.missing, *tally.unverified)
    }
    return tuple(key for key in keys.values() if key_owner(key) == person)


def _all_keys(state: State) -> Iterator[Key]:
    for role in (ROOT, TARGETS, *delegation_graph(state).children):
        loaded = state.role(role)
        signed = loaded.signed if isinstance(loaded, Document) else None
        if isinstance(signed, Root):
            yield from signed.keys.values()
        if isinstance(signed, Targets) and signed.delegations:
            yield from signed.delegations.keys.values()
