"""Who signs a role, and how many of them must."""

from collections.abc import Iterable, Mapping

from securesystemslib.signer import Key

from tufline.repository.edit._draft import Draft
from tufline.repository.edit._errors import NotDelegated, NotSigner, OnlineRole
from tufline.repository.edit._invite import delegators_of, set_invited
from tufline.repository.edit._terms import expect_threshold
from tufline.repository.edit._trust import (
    Delegator,
    count_other_keys,
    distrust,
    keys_of_people,
    role_in,
    trust,
    trusted_keys,
)
from tufline.repository.format import ONLINE_ROLES, Owner, RoleName, key_owner


def set_signers(
    draft: Draft, role: RoleName, people: Iterable[Owner], *, threshold: int | None = None
) -> None:
    """Let exactly `people` sign `role`, beside its online keys, wherever it is delegated.

    Who is new is invited, who is gone loses the key or the invitation, who stays keeps the place.
    """
    if role in ONLINE_ROLES:
        raise OnlineRole(role)
    wanted = tuple(dict.fromkeys(people))
    trusting = [draft.delegator(delegator) for delegator in delegators_of(draft, role)]
    for delegator in trusting:
        asked = role_in(delegator, role).threshold if threshold is None else threshold
        expect_threshold(role, asked, len(wanted) + count_other_keys(delegator, role))
    held = held_keys(draft, role)
    for delegator in trusting:
        named = role_in(delegator, role)
        named.threshold = threshold or named.threshold
        _trust_exactly(delegator, role, {person: held.get(person) for person in wanted})
    set_invited(draft, role, [person for person in wanted if person not in held])


def remove_signer(draft: Draft, role: RoleName, person: Owner) -> None:
    """Let `person` no longer sign `role`: the key, or the invitation, is taken away."""
    signers = signers_of(draft, role)
    if person not in signers:
        raise NotSigner(person, role)
    set_signers(draft, role, [signer for signer in signers if signer != person])


def set_threshold(
    draft: Draft, role: RoleName, threshold: int, *, delegator: RoleName | None = None
) -> None:
    """Set how many must sign `role`, for one delegator or for all; who is invited counts."""
    places = delegators_of(draft, role)
    if delegator is not None and delegator not in places:
        raise NotDelegated(delegator, role)
    trusting = [draft.delegator(place) for place in places if delegator in {None, place}]
    for one in trusting:
        people = {*keys_of_people(one, role), *draft.invitations.to_role(role)}
        expect_threshold(role, threshold, len(people) + count_other_keys(one, role))
    for one in trusting:
        role_in(one, role).threshold = threshold


def signers_of(draft: Draft, role: RoleName) -> tuple[Owner, ...]:
    """Return the people who sign `role` or are invited to, in the order of the metadata."""
    return tuple(dict.fromkeys((*held_keys(draft, role), *draft.invitations.to_role(role))))


def held_keys(draft: Draft, role: RoleName) -> dict[Owner, Key]:
    """Return the keys that people have for `role`, whoever delegates it."""
    held: dict[Owner, Key] = {}
    for place in draft.delegators(role):
        held |= keys_of_people(draft.delegator(place), role)
    return held


def _trust_exactly(
    delegator: Delegator, role: RoleName, wanted: Mapping[Owner, Key | None]
) -> None:
    """Remove the keys of all other people, and add the wanted keys that are missing here."""
    owners = {keyid: key_owner(key) for keyid, key in trusted_keys(delegator, role).items()}
    distrust(delegator, role, {k for k, person in owners.items() if person not in {None, *wanted}})
    for person, key in wanted.items():
        if key and person not in owners.values():
            trust(delegator, role, key)
