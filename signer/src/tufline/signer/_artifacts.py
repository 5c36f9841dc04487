"""Artifacts put into an event, or taken out of it, with the metadata that lists them. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tufline.repository.edit import Draft, update_targets
from tufline.repository.format import TARGETS, RoleName, artifact_path
from tufline.repository.jobs import Event, Proposal, proposal, with_files
from tufline.repository.state import Lookup, State
from tufline.signer._errors import NoSuchArtifact, NotListed


def artifact_name(file_name: str, role: RoleName | None) -> str:
    """Return what an artifact is called by default: a role's artifacts lie in its folder."""
    return file_name if role in {None, TARGETS} else f"{role}/{file_name}"


def add_artifacts(
    event: Event, artifacts: Mapping[str, bytes], *, role: RoleName | None, now: datetime
) -> Proposal:
    """Return the commit that adds or replaces artifacts, by name; raise `NotListed`."""
    lookup = Lookup(event.proposed)
    for name in artifacts:
        owner = lookup.owner(name)
        if owner is None or role not in {None, owner}:
            raise NotListed(name, owner, role)
    return _with_metadata(event, artifacts, f"Add {', '.join(artifacts)}", now=now)


def remove_artifacts(event: Event, names: Sequence[str], *, now: datetime) -> Proposal:
    """Return the commit that removes artifacts; raise `NoSuchArtifact`."""
    for name in names:
        if event.proposed.files.find(artifact_path(name)) is None:
            raise NoSuchArtifact(name, event.name)
    gone = dict.fromkeys(names)
    return _with_metadata(event, gone, f"Remove {', '.join(names)}", now=now)


def _with_metadata(
    event: Event, artifacts: Mapping[str, bytes | None], message: str, *, now: datetime
) -> Proposal:
    """Return the commit of the artifacts and of the metadata that follows them."""
    files = {artifact_path(name): data for name, data in artifacts.items()}
    outcome = State(with_files(event.proposed.files, files))
    draft = Draft(known_good=event.known_good, event=outcome, now=now)
    update_targets(draft, artifacts, Lookup(outcome))
    changed = {path: data for path, data in files.items() if data != event.proposed.read(path)}
    return proposal(event, {**changed, **draft.files()}, message=message, now=now)
