"""Invitations: a person is asked to sign roles, and answers with a key.

An invited person has no key in the metadata yet, since only they can say which it is.
"""

from collections.abc import Collection, Iterable

from securesystemslib.signer import Key

from tufline.repository.edit._draft import Draft
from tufline.repository.edit._errors import (
    AlreadyInvited,
    AlreadySigner,
    NotInvited,
    OnlineRole,
    UnknownRole,
)
from tufline.repository.edit._keys import personal_key
from tufline.repository.edit._trust import expect_unshared, keys_of_people, trust
from tufline.repository.format import ONLINE_ROLES, Attestation, Owner, RoleName


def invite(draft: Draft, person: Owner, roles: Iterable[RoleName]) -> None:
    """Ask `person` to become a signer of `roles`."""
    asked = tuple(dict.fromkeys(roles))
    for role in asked:
        _expect_newcomer(draft, person, role)
    before = draft.invitations.roles_of.get(person, ())
    draft.invitations = draft.invitations.with_roles(person, (*before, *asked))


def accept(
    draft: Draft, person: Owner, key: Key, *, attestation: Attestation | None = None
) -> None:
    """Make `key` the person's key in every role they are invited to.

    `attestation` is what the device says in which the key was made.
    """
    roles = draft.invitations.roles_of.get(person)
    if not roles:
        raise NotInvited(person)
    own = personal_key(key, person)
    trusting = [(draft.delegator(d), role) for role in roles for d in delegators_of(draft, role)]
    for delegator, _ in trusting:
        expect_unshared(delegator, own)
    for delegator, role in trusting:
        trust(delegator, role, own)
    if attestation is not None:
        draft.attest(own.keyid, attestation)
    draft.invitations = draft.invitations.with_roles(person, ())


def set_invited(draft: Draft, role: RoleName, people: Collection[Owner]) -> None:
    """Let exactly `people` be invited to `role`, without a look at who holds keys."""
    invitations = draft.invitations
    for person in dict.fromkeys((*invitations.to_role(role), *people)):
        others = tuple(r for r in invitations.roles_of.get(person, ()) if r != role)
        if (person in people) != (person in invitations.to_role(role)):
            roles = (*others, role) if person in people else others
            invitations = invitations.with_roles(person, roles)
    draft.invitations = invitations


def delegators_of(draft: Draft, role: RoleName) -> tuple[RoleName, ...]:
    """Return who delegates to `role`; raise `UnknownRole` if nobody does."""
    delegators = draft.delegators(role)
    if not delegators:
        raise UnknownRole(role)
    return delegators


def _expect_newcomer(draft: Draft, person: Owner, role: RoleName) -> None:
    if role in ONLINE_ROLES:
        raise OnlineRole(role)
    for delegator in delegators_of(draft, role):
        if person in keys_of_people(draft.delegator(delegator), role):
            raise AlreadySigner(person, role)
    if person in draft.invitations.to_role(role):
        raise AlreadyInvited(person, role)
