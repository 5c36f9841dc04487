"""The end of a delegated role."""

from tuf.api.metadata import Targets

from tufline.repository.edit._artifacts import is_artifact_name
from tufline.repository.edit._draft import Draft
from tufline.repository.edit._errors import CannotRemove, StillInUse
from tufline.repository.edit._invite import delegators_of, set_invited
from tufline.repository.edit._trust import delegated_roles, forget_unused
from tufline.repository.format import TOP_LEVEL_ROLES, RoleName, artifact_of_path
from tufline.repository.state import Lookup


def remove_role(draft: Draft, role: RoleName) -> None:
    """Remove a delegated role: its metadata, its delegations, its invitations.

    Raise `StillInUse` while artifacts in git belong to it, or it delegates to others.
    """
    if role in TOP_LEVEL_ROLES:
        raise CannotRemove(role)
    delegators = delegators_of(draft, role)
    _expect_nothing_below(draft, role)
    for delegator in delegators:
        _remove_delegation(draft.targets(delegator), role)
    draft.remove(role)
    set_invited(draft, role, ())


def remove_with_all_below(draft: Draft, role: RoleName) -> tuple[RoleName, ...]:
    """Remove a delegated role and those that nobody else delegates to; return them, it first.

    Raise `StillInUse` while artifacts in git belong to one of them.
    """
    gone = roles_that_go(draft, role)
    for each in gone:
        if artifacts := _artifacts_of(draft, each):
            raise StillInUse(each, artifacts, ())
    for each in gone:
        for delegator in draft.delegators(each):
            if delegator not in gone:
                _remove_delegation(draft.targets(delegator), each)
        set_invited(draft, each, ())
    for each in gone:
        draft.remove(each)
    return gone


def roles_that_go(draft: Draft, role: RoleName) -> tuple[RoleName, ...]:
    """Return a delegated role and those below it that nobody else delegates to, it first."""
    if role in TOP_LEVEL_ROLES:
        raise CannotRemove(role)
    delegators_of(draft, role)
    gone = [role]
    for each in gone:  # grows while it is walked: first what is nearest
        signed = draft.current(each)
        below = delegated_roles(signed) if isinstance(signed, Targets) else ()
        for child in map(RoleName, below):
            others = set(draft.delegators(child)) - set(gone)
            if not others and child not in gone:
                gone.append(child)
    return tuple(gone)


def _remove_delegation(delegator: Targets, role: RoleName) -> None:
    if delegator.delegations and delegator.delegations.roles:
        removed = delegator.delegations.roles.pop(role)
        forget_unused(delegator, removed.keyids)


def _expect_nothing_below(draft: Draft, role: RoleName) -> None:
    signed = draft.current(role)
    below = tuple(delegated_roles(signed)) if isinstance(signed, Targets) else ()
    artifacts = _artifacts_of(draft, role)
    if artifacts or below:
        raise StillInUse(role, artifacts, below)


def _artifacts_of(draft: Draft, role: RoleName) -> tuple[str, ...]:
    lookup = Lookup(draft.result())
    artifacts = (artifact_of_path(entry.path) for entry in draft.event.artifacts())
    names = (name for name in artifacts if name and is_artifact_name(name))
    return tuple(name for name in names if lookup.owner(name) == role)
