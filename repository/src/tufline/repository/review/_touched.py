"""Which roles an event touches: those that are judged when not everything is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tufline.repository.format import (
    ONLINE_ROLES,
    ROOT,
    TARGETS,
    RoleName,
    artifact_of_path,
    historic_root_version,
    role_of_path,
)
from tufline.repository.state import adopted_roles, delegated_names, delegation_of

if TYPE_CHECKING:
    from tufline.repository.review._case import Case


def touched_roles(case: "Case") -> Iterator[RoleName]:
    """Yield roles whose file, delegation, artifacts or invitations the event changes."""
    yield from case.adopted
    for path in case.differences:
        yield from _by_file(case, path)
        yield from _by_artifact(case, path)
    for roles in case.invitations.roles_of.values():
        for invited in roles:
            yield invited
            yield from case.graph.delegators.get(invited, (ROOT,))


def adopted_by(case: "Case") -> frozenset[RoleName]:
    """Return the roles that come into force with a file that known good trusted nobody for."""
    changed = (role for path in case.differences if (role := _signed_by_people(path)))
    return adopted_roles(case.base, case.event, changed)


def _by_file(case: "Case", path: str) -> Iterator[RoleName]:
    """Yield the role whose file is at `path`, and those of whom it now says something else."""
    if historic_root_version(path):
        yield ROOT
    delegator = _signed_by_people(path)
    if delegator is None:
        return
    yield delegator
    before, after = case.base.role(delegator), case.event.role(delegator)
    for role in (TARGETS,) if delegator == ROOT else delegated_names(after):
        if delegation_of(delegator, before, role) != delegation_of(delegator, after, role):
            yield role


def _by_artifact(case: "Case", path: str) -> Iterator[RoleName]:
    """Yield the roles that own or list the artifact at `path`, or did."""
    artifact = artifact_of_path(path)
    if artifact:
        for lookup in (case.base_lookup, case.lookup):
            owner = lookup.owner(artifact)
            yield from (*lookup.listers(artifact), *((owner,) if owner else ()))


def _signed_by_people(path: str) -> RoleName | None:
    role = role_of_path(path)
    return None if role in ONLINE_ROLES else role
