"""Targets metadata that lists what lies below targets/ in git."""

from collections.abc import Iterable

from tuf.api.metadata import TargetFile, Targets

from tufline.repository.edit._draft import Draft
from tufline.repository.edit._errors import UnknownHashAlgorithm
from tufline.repository.format import RoleName, artifact_of_path
from tufline.repository.state import Entry, Kind, Lookup

_HASH_ALGORITHMS = ("sha256",)


def update_targets(draft: Draft, changed: Iterable[str], lookup: Lookup) -> None:
    """List the artifacts at the `changed` paths as git has them; other entries stay as they are.

    Each artifact is listed by its owner and by no other role that clients would ask. Custom fields
    and hash algorithms are kept. What no role owns, or what cannot be an artifact, is left for the
    rules to report; other paths than those of artifacts are skipped.

    Args:
        draft: the change; an artifact's bytes are those of its event.
        changed: paths in git, as a difference of two trees gives them.
        lookup: over the event's state, or over `draft.result()` if the draft changes delegations.
    """
    found: dict[Entry, RoleName] = {}
    for path in dict.fromkeys(changed):
        entry, artifact = draft.event.files.find(path), artifact_of_path(path)
        if artifact is None or not is_artifact_name(artifact):
            continue
        owner = lookup.owner(artifact) if entry and can_be_listed(entry) else None
        if entry and owner:
            found[entry] = owner
        if owner or not entry:
            _unlist(draft, artifact, [role for role in lookup.visited(artifact) if role != owner])
    _list(draft, found)


def can_be_listed(entry: Entry) -> bool:
    """Whether a file below targets/ can be an artifact at all: a plain file with a plain name."""
    artifact = artifact_of_path(entry.path)
    plain = entry.kind in {Kind.FILE, Kind.EXECUTABLE}
    return plain and artifact is not None and is_artifact_name(artifact)


def is_artifact_name(artifact: str) -> bool:
    """Whether the name is UTF-8 and not hidden: clients and stores disagree on the others."""
    hidden = any(part.startswith(".") for part in artifact.split("/"))
    return not hidden and artifact == artifact.encode(errors="replace").decode()


def _unlist(draft: Draft, artifact: str, roles: Iterable[RoleName]) -> None:
    for role in roles:
        listed = _listing(draft, role)
        if listed and artifact in listed.targets:
            del draft.targets(role).targets[artifact]


def _list(draft: Draft, found: dict[Entry, RoleName]) -> None:
    for entry, data in draft.event.files.read_many(found):
        listed, artifact = _listing(draft, found[entry]), artifact_of_path(entry.path)
        if listed is None or artifact is None:
            continue
        before = listed.targets.get(artifact)
        after = _target_file(artifact, data, _algorithms(listed, before))
        if before:
            after.unrecognized_fields = before.unrecognized_fields
        if after != before:
            draft.targets(found[entry]).targets[artifact] = after


def _listing(draft: Draft, role: RoleName) -> Targets | None:
    """Return what the role lists; None where its metadata is missing: a rule reports that."""
    current = draft.current(role)
    return current if isinstance(current, Targets) else None


def _algorithms(listed: Targets, before: TargetFile | None) -> tuple[str, ...]:
    """Return how to hash an artifact: as it was, or as the role's other artifacts are."""
    example = before or next(iter(listed.targets.values()), None)
    return tuple(example.hashes) if example else _HASH_ALGORITHMS


def _target_file(artifact: str, data: bytes, algorithms: tuple[str, ...]) -> TargetFile:
    try:
        return TargetFile.from_data(artifact, data, list(algorithms))
    except ValueError as error:
        raise UnknownHashAlgorithm(artifact, algorithms) from error
