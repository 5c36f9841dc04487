"""Delegations: a role trusts another one with some of its paths."""

from collections.abc import Sequence

from tuf.api.metadata import DelegatedRole, Delegations, Targets

from tufline.repository.edit._draft import Draft
from tufline.repository.edit._errors import (
    CannotDelegate,
    InvalidPaths,
    NotDelegated,
    NotSigner,
    RoleExists,
)
from tufline.repository.edit._invite import set_invited
from tufline.repository.edit._keys import pipeline_key
from tufline.repository.edit._signers import held_keys, signers_of
from tufline.repository.edit._terms import RoleTerms, expect_terms
from tufline.repository.edit._trust import delegated_roles, trust
from tufline.repository.format import ROOT, RoleName, delegated_role_name, set_role_periods

_DEPTH = 4  # tuf-on-ci's: clients match `*` with one folder only (TUF specification, 4.5)


def default_paths(role: RoleName) -> tuple[str, ...]:
    """Return the patterns of a role that owns the folder of its name, four levels deep."""
    return tuple(f"{role}{'/*' * depth}" for depth in range(1, _DEPTH + 1))


def delegate(
    draft: Draft,
    delegator: RoleName,
    role: RoleName,
    terms: RoleTerms,
    *,
    paths: Sequence[str] | None = None,
    terminating: bool = True,
) -> None:
    """Let `delegator` delegate to `role`, last in its order; make the role if it is new.

    The people of a new role are invited. A role that is delegated elsewhere already keeps its
    metadata, and its people their keys; so `terms.periods` is not used, and all people must be
    signers of it already: an invitation would make them signers for the other delegators, too.
    """
    patterns = list(default_paths(role) if paths is None else paths)
    targets = _expect_delegator(draft, delegator, delegated_role_name(role))
    expect_terms(role, terms)
    _expect_paths(role, patterns)
    held = held_keys(draft, role)
    if draft.delegators(role):
        _expect_signers(draft, role, terms)
    else:
        _make_role(draft, role, terms)
    _append(targets, DelegatedRole(role, [], terms.threshold, terminating, patterns))
    keys = [held[person] for person in terms.people if person in held]
    for key in (*keys, *map(pipeline_key, terms.keys)):
        trust(targets, role, key)


def set_paths(draft: Draft, delegator: RoleName, role: RoleName, paths: Sequence[str]) -> None:
    """Set which artifacts `delegator` lets `role` list."""
    _expect_paths(role, paths)
    named = _delegation(draft, delegator, role)
    named.path_hash_prefixes = None  # a role has one or the other (TUF specification, 4.5)
    named.paths = list(paths)


def set_terminating(
    draft: Draft, delegator: RoleName, role: RoleName, *, terminating: bool
) -> None:
    """Set whether clients stop at `role` even if it does not list what they look for."""
    _delegation(draft, delegator, role).terminating = terminating


def _append(targets: Targets, delegated: DelegatedRole) -> None:
    if targets.delegations is None:
        targets.delegations = Delegations({}, {})
    targets.delegations.roles = {**delegated_roles(targets), delegated.name: delegated}


def _make_role(draft: Draft, role: RoleName, terms: RoleTerms) -> None:
    if draft.current(role) is None:
        targets = Targets(expires=draft.now)
        set_role_periods(targets, terms.periods)
        draft.add_targets(role, targets)
    set_invited(draft, role, terms.people)


def _delegation(draft: Draft, delegator: RoleName, role: RoleName) -> DelegatedRole:
    named = None if delegator == ROOT else delegated_roles(draft.targets(delegator)).get(role)
    if named is None:
        raise NotDelegated(delegator, role)
    return named


def _expect_delegator(draft: Draft, delegator: RoleName, role: RoleName) -> Targets:
    if delegator in {ROOT, role}:
        raise CannotDelegate(delegator, role)
    targets = draft.targets(delegator)
    if role in delegated_roles(targets):
        raise RoleExists(delegator, role)
    if targets.delegations and targets.delegations.roles is None:  # succinct roles: no list
        raise CannotDelegate(delegator, role)
    return targets


def _expect_paths(role: RoleName, paths: Sequence[str]) -> None:
    parts = [part for path in paths for part in path.split("/")]
    if not parts or not {"", ".", ".."}.isdisjoint(parts):
        raise InvalidPaths(role, paths)


def _expect_signers(draft: Draft, role: RoleName, terms: RoleTerms) -> None:
    signers = signers_of(draft, role)
    for person in terms.people:
        if person not in signers:
            raise NotSigner(person, role)
