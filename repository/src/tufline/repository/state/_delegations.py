"""Who delegates what to whom: one edge of the delegation graph, and the graph.

Root delegates to the four top-level roles, a targets-type role to those it names. A role may be
delegated from several places; each of them decides by itself whom it trusts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from securesystemslib.signer import Key
from tuf.api.metadata import DelegatedRole, Role, Root, Targets

from tufline.repository.format import (
    ROOT,
    TARGETS,
    Document,
    InvalidRoleName,
    RoleName,
    delegated_role_name,
    metadata_path,
)
from tufline.repository.state._state import Loaded, State


@dataclass(frozen=True, kw_only=True, slots=True)
class Delegation:
    """One delegator's word on who signs a role.

    Attributes:
        keys: the keys by id, in the delegator's order; an id without a key is left out.
        missing_keys: the ids that the delegator names and has no key for.
        terms: paths and `terminating`, where the delegator is a targets-type role.
    """

    delegator: RoleName
    role: RoleName
    keys: Mapping[str, Key]
    missing_keys: tuple[str, ...]
    threshold: int
    terms: DelegatedRole | None = None


def delegation_of(delegator: RoleName, loaded: Loaded, role: RoleName) -> Delegation | None:
    """Return what `delegator`'s metadata says of `role`, or None if it says nothing."""
    match loaded:
        case Document(metadata=metadata) if isinstance(metadata.signed, Root):
            return _edge(delegator, role, metadata.signed.roles.get(role), metadata.signed.keys)
        case Document(metadata=metadata) if isinstance(metadata.signed, Targets):
            delegations = metadata.signed.delegations
            if delegations is None or delegations.roles is None:
                return None
            return _edge(delegator, role, delegations.roles.get(role), delegations.keys)
        case _:
            return None


def delegated_names(loaded: Loaded) -> tuple[RoleName, ...]:
    """Return the roles that a targets-type role delegates to, in its order.

    Names that no file can have are left out; a rule reports them.
    """
    if not isinstance(loaded, Document) or not isinstance(loaded.signed, Targets):
        return ()
    delegations = loaded.signed.delegations
    names = (delegations.roles or ()) if delegations else ()
    return tuple(_valid_names(names))


@dataclass(frozen=True, slots=True)
class DelegationGraph:
    """The targets-type roles that can be reached from "targets".

    Attributes:
        delegators: for each reached role, who delegates to it, in the order they were found.
        children: for each role that delegates, to whom, in its order.
    """

    delegators: Mapping[RoleName, tuple[RoleName, ...]] = field(default_factory=dict)
    children: Mapping[RoleName, tuple[RoleName, ...]] = field(default_factory=dict)


# A state does not change, and a publication judges it, looks artifacts up in it and shows it.
@lru_cache(maxsize=2)
def delegation_graph(state: State) -> DelegationGraph:
    """Walk the delegations from "targets", nearest first.

    Each reached file is read, but parsed only if it may delegate at all: most do not.
    """
    delegators: dict[RoleName, tuple[RoleName, ...]] = {TARGETS: (ROOT,)}
    children: dict[RoleName, tuple[RoleName, ...]] = {}
    level: tuple[RoleName, ...] = (TARGETS,)
    while level:
        reached: dict[RoleName, None] = {}
        for role in _those_that_delegate(state, level):
            children[role] = delegated_names(state.targets(role))
            for child in children[role]:
                if child not in delegators:
                    reached[child] = None
                delegators[child] = (*delegators.get(child, ()), role)
        level = tuple(reached)
    return DelegationGraph(delegators, children)


def adopted_roles(base: State, event: State, changed: Iterable[RoleName]) -> frozenset[RoleName]:
    """Return the roles that come into force with a file that `base` has and trusts nobody for.

    Nobody delegated to them there, not even through others; so nobody judged what the files say.
    `changed` are the roles whose files differ.
    """
    found: set[RoleName] = set()
    named = [role for each in changed for role in _named_anew(base, event, each)]
    while named:
        role = named.pop()
        if role not in found:
            found.add(role)
            named.extend(delegated_names(event.targets(role)))
    left_over = {role for role in found if base.files.find(metadata_path(role))}
    return frozenset(left_over - delegation_graph(base).delegators.keys() if left_over else ())


def _named_anew(base: State, event: State, delegator: RoleName) -> Iterator[RoleName]:
    known = set(delegated_names(base.role(delegator)))
    yield from (each for each in delegated_names(event.role(delegator)) if each not in known)


def _those_that_delegate(state: State, roles: tuple[RoleName, ...]) -> Iterator[RoleName]:
    for role, data in state.role_files(roles):
        # JSON may hide a word behind escapes; a file with a backslash is parsed to be sure.
        if b'"delegations"' in data or b"\\" in data:
            yield role


def _edge(
    delegator: RoleName, role: RoleName, named: Role | None, keys: Mapping[str, Key]
) -> Delegation | None:
    if named is None:
        return None
    return Delegation(
        delegator=delegator,
        role=role,
        keys={keyid: keys[keyid] for keyid in named.keyids if keyid in keys},
        missing_keys=tuple(keyid for keyid in named.keyids if keyid not in keys),
        threshold=named.threshold,
        terms=named if isinstance(named, DelegatedRole) else None,
    )


def _valid_names(
    names: Iterator[str] | Mapping[str, DelegatedRole] | tuple[()],
) -> Iterator[RoleName]:
    for name in names:
        try:
            yield delegated_role_name(name)
        except InvalidRoleName:
            continue
