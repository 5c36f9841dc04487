"""Artifacts put into an event, or taken out of it, with the metadata that lists them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from tufline.repository.edit import Draft, describe_artifact, update_targets
from tufline.repository.format import (
    TARGETS,
    Document,
    InvalidJson,
    RoleName,
    artifact_path,
    parse_json,
)
from tufline.repository.jobs import Event, Proposal, proposal, with_files
from tufline.repository.state import Lookup, State, delegation_graph
from tufline.signer._errors import InvalidCustom, NoSuchArtifact, NotListed

_FROM_FILE: Final = "@"


@dataclass(frozen=True, kw_only=True, slots=True)
class Addition:
    """Artifacts to add or replace, and what their entries shall say.

    Attributes:
        artifacts: the bytes, by the name that clients ask for.
        role: who lists them; None: who may, by the names.
        custom: custom data of each; None: as it was. An empty mapping takes it away.
        algorithms: the hashes of each; empty: as it was, or as the role's other artifacts have.
    """

    artifacts: Mapping[str, bytes]
    role: RoleName | None = None
    custom: Mapping[str, Any] | None = None
    algorithms: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """An artifact as a role lists it."""

    name: str
    role: RoleName
    length: int
    hashes: Mapping[str, str]
    custom: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def artifact_name(file_name: str, role: RoleName | None) -> str:
    """Return what an artifact is called by default: a role's artifacts lie in its folder."""
    return file_name if role in {None, TARGETS} else f"{role}/{file_name}"


def add_artifacts(event: Event, wanted: Addition, *, now: datetime) -> Proposal:
    """Return the commit that adds or replaces artifacts; raise `NotListed`."""
    lookup = Lookup(event.proposed)
    for name in wanted.artifacts:
        _expect_lister(lookup, name, wanted.role)
    return _with_metadata(event, wanted, f"Add {', '.join(wanted.artifacts)}", now=now)


def remove_artifacts(event: Event, names: Sequence[str], *, now: datetime) -> Proposal:
    """Return the commit that removes artifacts; raise `NoSuchArtifact`."""
    for name in names:
        if event.proposed.files.find(artifact_path(name)) is None:
            raise NoSuchArtifact(name, event.name)
    files: dict[str, bytes | None] = {artifact_path(name): None for name in names}
    draft = _draft(event, files, now)
    update_targets(draft, names, Lookup(draft.event))
    files |= draft.files()
    return proposal(event, files, message=f"Remove {', '.join(names)}", now=now)


def list_artifacts(state: State) -> Iterator[Listed]:
    """Yield what the roles list, "targets" first. What cannot be read lists nothing."""
    for role in dict.fromkeys((TARGETS, *delegation_graph(state).delegators)):
        loaded = state.targets(role)
        entries = loaded.signed.targets if isinstance(loaded, Document) else {}
        for name, entry in entries.items():
            yield Listed(
                name=name,
                role=role,
                length=entry.length,
                hashes=entry.hashes,
                custom=entry.custom or {},
            )


def custom_data(text: str) -> Mapping[str, Any]:
    """Return the custom data that is given as a JSON object, or as @FILE; raise `InvalidCustom`."""
    data = text.encode()
    if text.startswith(_FROM_FILE):
        data = Path(text.removeprefix(_FROM_FILE)).read_bytes()
    try:
        value = parse_json(data)
    except InvalidJson as error:
        raise InvalidCustom(str(error)) from error
    if not isinstance(value, dict):
        raise InvalidCustom("it is no JSON object")
    return value


def _expect_lister(lookup: Lookup, name: str, role: RoleName | None) -> None:
    owner = lookup.owner(name)
    possible = {None, owner, *(lookup.visited(name)[1:] if owner != TARGETS else ())}
    if owner is None or role not in possible:
        raise NotListed(name, owner, role)


def _with_metadata(event: Event, wanted: Addition, message: str, *, now: datetime) -> Proposal:
    """Return the commit of the artifacts and of the metadata that follows them."""
    artifacts, role = wanted.artifacts, wanted.role
    files = {artifact_path(name): data for name, data in artifacts.items()}
    draft = _draft(event, files, now)
    lookup = Lookup(draft.event)
    update_targets(draft, artifacts, lookup, listers=dict.fromkeys(artifacts, role) if role else {})
    if wanted.custom is not None or wanted.algorithms:
        for name in artifacts:
            _describe(draft, name, wanted)
    changed = {path: data for path, data in files.items() if data != event.proposed.read(path)}
    return proposal(event, {**changed, **draft.files()}, message=message, now=now)


def _describe(draft: Draft, name: str, wanted: Addition) -> None:
    listers = Lookup(draft.result()).listers(name)
    if listers:  # else the rules say what is wrong with it
        describe_artifact(
            draft, listers[0], name, custom=wanted.custom, algorithms=wanted.algorithms
        )


def _draft(event: Event, files: Mapping[str, bytes | None], now: datetime) -> Draft:
    """Return a draft of the event with these files replaced, or gone."""
    outcome = State(with_files(event.proposed.files, dict(files)))
    return Draft(known_good=event.known_good, event=outcome, now=now)
