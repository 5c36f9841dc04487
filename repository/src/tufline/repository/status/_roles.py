"""The facts of each role, as a published tree has them. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from tufline.repository.format import (
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    Document,
    Periods,
    RoleName,
    is_signer_uri,
    role_periods,
    signer_label,
)
from tufline.repository.state import (
    Delegation,
    Outline,
    State,
    delegation_graph,
    delegation_of,
    outline_of,
)
from tufline.repository.status._facts import RoleFacts


def role_facts(state: State) -> Iterator[RoleFacts]:
    """Yield the facts of the roles of an accepted state: the top-level ones first, by name."""
    delegators = dict(delegation_graph(state).delegators)
    top_level = {ROOT: (ROOT,), TIMESTAMP: (ROOT,), SNAPSHOT: (ROOT,), TARGETS: (ROOT,)}
    for role, by in {**top_level, **dict(sorted(delegators.items())), TARGETS: (ROOT,)}.items():
        outline = _outline(state, role)
        if outline is not None:
            yield _facts(state, role, outline, by)


def _facts(
    state: State, role: RoleName, outline: Outline, delegators: tuple[RoleName, ...]
) -> RoleFacts:
    found = (delegation_of(each, state.role(each), role) for each in delegators)
    delegations = tuple(each for each in found if each is not None)
    signers = _signers(delegations)
    periods, expires = outline.periods, outline.expires
    return RoleFacts(
        name=role,
        version=outline.version,
        expires=expires,
        signing_starts=expires - periods.signing_or_default if periods else None,
        issued=expires - periods.expiry if periods else None,
        threshold=max((each.threshold for each in delegations), default=0),
        signers=signers,
        online=bool(signers) and all(map(is_signer_uri, signers)),
        delegators=delegators if delegators != (ROOT,) else (),
        artifacts=outline.artifacts,
    )


def _outline(state: State, role: RoleName) -> Outline | None:
    loaders = {ROOT: state.root, SNAPSHOT: state.snapshot, TIMESTAMP: state.timestamp}
    if role not in loaders:
        return state.outline(role)
    loaded = loaders[role]()
    if not isinstance(loaded, Document):
        return None
    outline = outline_of(loaded.signed)
    return outline if role == ROOT else replace(outline, periods=_online_periods(state, role))


def _online_periods(state: State, role: RoleName) -> Periods | None:
    """Return the periods of snapshot or timestamp, which root holds."""
    root = state.root()
    return role_periods(root.signed.roles[role]) if isinstance(root, Document) else None


def _signers(delegations: tuple[Delegation, ...]) -> tuple[str, ...]:
    keys = (key for each in delegations for key in each.keys.values())
    return tuple(dict.fromkeys(signer_label(key) for key in keys))
