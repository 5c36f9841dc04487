"""From a repository that was read, and the answers, to the one commit that proposes it. Pure."""

from collections.abc import Mapping
from datetime import datetime

from tuf.api.metadata import Root, Targets

from tufline.repository.edit import Adoption, Draft, adopt
from tufline.repository.format import (
    METADATA_FOLDER,
    ROOT,
    SNAPSHOT,
    TIMESTAMP,
    RoleName,
    artifact_path,
    historic_root_path,
    metadata_path,
)
from tufline.repository.jobs import Event, Proposal, proposal
from tufline.signer.importing._errors import EventHasRoot, MainHasMetadata
from tufline.signer.importing._interface import Existing


def expect_room(event: Event) -> None:
    """Raise `MainHasMetadata` or `EventHasRoot` where there is a repository already."""
    if any(event.known_good.files.below(METADATA_FOLDER)):
        raise MainHasMetadata
    if event.proposed.root() is not None:
        raise EventHasRoot(event.name)


def import_change(
    event: Event,
    existing: Existing,
    artifacts: Mapping[str, bytes],
    adoption: Adoption,
    *,
    now: datetime,
) -> Proposal:
    """Return the change: old roots as they are, the next version of each role, all artifacts.

    Snapshot and timestamp come along as they are, for their versions: online signing goes on from
    there.
    """
    expect_room(event)
    draft = Draft(
        known_good=event.known_good,
        event=event.proposed,
        now=now,
        seen_versions=_versions(existing),
    )
    adopt(draft, _roles(existing), adoption)
    files: dict[str, bytes | None] = {artifact_path(n): data for n, data in artifacts.items()}
    files |= {historic_root_path(v): data for v, data in existing.chain.roots.items()}
    files |= {metadata_path(SNAPSHOT): existing.snapshot.data}
    files |= {metadata_path(TIMESTAMP): existing.timestamp.data}
    files |= draft.files()
    wanted = {path: data for path, data in files.items() if data != event.proposed.read(path)}
    message = f"Import the repository whose root is version {existing.chain.newest.signed.version}"
    return proposal(event, wanted, message=message, now=now)


def _versions(existing: Existing) -> dict[RoleName, int]:
    targets = {role: each.signed.version for role, each in existing.targets.items()}
    return {ROOT: existing.chain.newest.signed.version, **targets}


def _roles(existing: Existing) -> dict[RoleName, Root | Targets]:
    """Return the roles anew, to be changed."""
    targets = {
        role: Targets.from_dict(each.tree()["signed"]) for role, each in existing.targets.items()
    }
    return {ROOT: Root.from_dict(existing.chain.newest.tree()["signed"]), **targets}
