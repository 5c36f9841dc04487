"""States made of delegations alone: unsigned, for the search of artifacts and the graph."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from tuf.api.metadata import DelegatedRole, Delegations, Metadata, TargetFile, Targets
from tuf.api.serialization.json import JSONSerializer

from tufline.repository.state import MemoryFiles, State

EXPIRES = datetime(2030, 1, 1, tzinfo=UTC)


def terms(name: str, *paths: str, terminating: bool = False) -> DelegatedRole:
    """Return a delegation of these paths, signed by nobody."""
    return DelegatedRole(name, [], 1, terminating=terminating, paths=list(paths))


def targets_of(delegated: Iterable[DelegatedRole], listed: Iterable[str] = ()) -> Targets:
    """Return the metadata of a role that delegates and lists."""
    roles = {each.name: each for each in delegated}
    targets = Targets(expires=EXPIRES, delegations=Delegations({}, roles) if roles else None)
    targets.targets = {path: TargetFile(1, {"sha256": "ab"}, path) for path in listed}
    return targets


def state_of(
    roles: Mapping[str, Iterable[DelegatedRole]],
    listed: Mapping[str, Iterable[str]] | None = None,
) -> State:
    """Return a state in which each of these roles has a file with its delegations."""
    return State(
        MemoryFiles(
            {
                f"metadata/{role}.json": file_of(
                    targets_of(delegated, (listed or {}).get(role, ()))
                )
                for role, delegated in roles.items()
            }
        )
    )


def file_of(targets: Targets) -> bytes:
    """Return the metadata as a file."""
    return Metadata(targets).to_bytes(JSONSerializer())
