"""The end of a role, with all that would be left without one. Pure."""

from dataclasses import dataclass
from datetime import datetime

from tufline.repository.edit import Draft, remove_with_all_below, roles_that_go, update_targets
from tufline.repository.format import RoleName, artifact_of_path, artifact_path
from tufline.repository.jobs import Event, Proposal, proposal, with_files
from tufline.repository.state import Lookup, State


@dataclass(frozen=True, kw_only=True, slots=True)
class Removal:
    """What goes together.

    Attributes:
        roles: the role, then those below it that nobody else delegates to.
        artifacts: the files that belong to one of them, or that clients get from one of them.
    """

    roles: tuple[RoleName, ...]
    artifacts: tuple[str, ...]
    change: Proposal


def remove_role(event: Event, role: RoleName, *, now: datetime) -> Removal:
    """Return the commit that removes a delegated role; raise `CannotRemove`, `UnknownRole`."""
    known_good = event.known_good
    roles = roles_that_go(Draft(known_good=known_good, event=event.proposed, now=now), role)
    artifacts = _artifacts_of(event.proposed, roles)
    files: dict[str, bytes | None] = {artifact_path(name): None for name in artifacts}
    outcome = State(with_files(event.proposed.files, files))
    draft = Draft(known_good=known_good, event=outcome, now=now)
    update_targets(draft, artifacts, Lookup(outcome))
    remove_with_all_below(draft, role)
    files |= draft.files()
    change = proposal(event, files, message=f"Remove {', '.join(roles)}", now=now)
    return Removal(roles=roles, artifacts=artifacts, change=change)


def _artifacts_of(state: State, roles: tuple[RoleName, ...]) -> tuple[str, ...]:
    lookup = Lookup(state)
    names = (artifact_of_path(entry.path) for entry in state.artifacts())
    return tuple(name for name in names if name and not _concerned(lookup, name).isdisjoint(roles))


def _concerned(lookup: Lookup, name: str) -> set[RoleName | None]:
    """Return who owns the artifact, and whom clients get it from."""
    return {lookup.owner(name), *lookup.listers(name)[:1]}
