"""A role as an event has it now: who signs it and how, and what each delegator says of it. Pure."""

from dataclasses import dataclass

from tufline.repository.edit import Draft, signers_of
from tufline.repository.format import (
    ONLINE_ROLES,
    ROOT,
    Document,
    InvalidPeriod,
    Owner,
    Periods,
    RoleName,
    key_owner,
    online_uri,
    periods_holder,
    role_periods,
)
from tufline.repository.state import Delegation, State, delegation_graph, delegation_of


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleNow:
    """What there is to change.

    Attributes:
        people: who signs it or is invited to.
        online: the URIs of its online keys.
        delegations: one for each role that delegates to it; root for a top-level role.
        periods: None where none are stated, or none that can be worked with.
    """

    role: RoleName
    version: int | None
    people: tuple[Owner, ...]
    online: tuple[str, ...]
    delegations: tuple[Delegation, ...]
    periods: Periods | None


def role_now(draft: Draft, role: RoleName) -> RoleNow:
    """Return the role as the draft's event has it; raise `UnknownRole`."""
    state, delegators = draft.event, draft.delegators(role)
    found = (delegation_of(each, state.role(each), role) for each in delegators)
    delegations = tuple(each for each in found if each)
    keys = {keyid: key for each in delegations for keyid, key in each.keys.items()}.values()
    uris = dict.fromkeys(uri for key in keys if (uri := online_uri(key)))
    loaded = state.role(role)
    return RoleNow(
        role=role,
        version=loaded.signed.version if isinstance(loaded, Document) else None,
        people=() if role in ONLINE_ROLES else signers_of(draft, role),
        online=tuple(uris),
        delegations=delegations,
        periods=_periods(state, role),
    )


def is_signed_online(state: State, role: RoleName) -> bool:
    """Whether online keys sign the role, and no people."""
    delegators = delegation_graph(state).delegators.get(role, ())
    found = (delegation_of(each, state.role(each), role) for each in delegators)
    keys = [key for each in found if each for key in each.keys.values()]
    return any(online_uri(key) for key in keys) and not any(key_owner(key) for key in keys)


def _periods(state: State, role: RoleName) -> Periods | None:
    """Return the stated periods; those of snapshot and timestamp stand in root."""
    loaded = state.role(ROOT if role in ONLINE_ROLES else role)
    if not isinstance(loaded, Document):
        return None
    try:
        return role_periods(periods_holder(role, loaded.signed))
    except InvalidPeriod:
        return None
