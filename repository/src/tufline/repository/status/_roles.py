"""The facts of each role, as a published tree has them. Pure."""

from collections.abc import Iterator

from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from tufline.repository.format import (
    ONLINE_ROLES,
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    Document,
    Periods,
    RoleName,
    is_signer_uri,
    periods_holder,
    role_periods,
    signer_label,
)
from tufline.repository.state import Delegation, State, delegation_graph, delegation_of
from tufline.repository.status._facts import RoleFacts

_Signed = Root | Targets | Snapshot | Timestamp


def role_facts(state: State) -> Iterator[RoleFacts]:
    """Yield the facts of the roles of an accepted state: the top-level ones first, by name."""
    delegators = dict(delegation_graph(state).delegators)
    top_level = {ROOT: (ROOT,), TIMESTAMP: (ROOT,), SNAPSHOT: (ROOT,), TARGETS: (ROOT,)}
    for role, by in {**top_level, **dict(sorted(delegators.items())), TARGETS: (ROOT,)}.items():
        signed = _signed(state, role)
        if signed is not None:
            yield _facts(state, role, signed, by)


def _facts(
    state: State, role: RoleName, signed: _Signed, delegators: tuple[RoleName, ...]
) -> RoleFacts:
    found = (delegation_of(each, state.role(each), role) for each in delegators)
    delegations = tuple(each for each in found if each is not None)
    signers = _signers(delegations)
    periods = _periods(state, role, signed)
    return RoleFacts(
        name=role,
        version=signed.version,
        expires=signed.expires,
        signing_starts=signed.expires - periods.signing_or_default if periods else None,
        issued=signed.expires - periods.expiry if periods else None,
        threshold=max((each.threshold for each in delegations), default=0),
        signers=signers,
        online=bool(signers) and all(map(is_signer_uri, signers)),
        delegators=delegators if delegators != (ROOT,) else (),
        artifacts=len(signed.targets) if isinstance(signed, Targets) else None,
    )


def _signed(state: State, role: RoleName) -> _Signed | None:
    loaders = {ROOT: state.root, SNAPSHOT: state.snapshot, TIMESTAMP: state.timestamp}
    loaded = loaders[role]() if role in loaders else state.targets(role)
    return loaded.signed if isinstance(loaded, Document) else None


def _signers(delegations: tuple[Delegation, ...]) -> tuple[str, ...]:
    keys = (key for each in delegations for key in each.keys.values())
    return tuple(dict.fromkeys(signer_label(key) for key in keys))


def _periods(state: State, role: RoleName, signed: _Signed) -> Periods | None:
    """Return the periods, which root holds for snapshot and timestamp."""
    if isinstance(signed, Root | Targets):
        return role_periods(periods_holder(role, signed))
    root = _signed(state, ROOT)
    known = isinstance(root, Root) and role in ONLINE_ROLES
    return role_periods(root.roles[role]) if known and isinstance(root, Root) else None
