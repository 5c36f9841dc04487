"""Targets metadata that lists what lies below targets/ in git."""

from collections.abc import Iterable, Mapping

from tuf.api.metadata import TargetFile, Targets

from tufline.repository.edit._draft import Draft
from tufline.repository.edit._errors import UnknownHashAlgorithm
from tufline.repository.format import RoleName, artifact_of_path, artifact_path
from tufline.repository.state import PLAIN, Entry, Lookup

_HASH_ALGORITHMS = ("sha256",)


def update_targets(draft: Draft, changed: Iterable[str], lookup: Lookup) -> None:
    """List the `changed` artifacts as git has them; other entries stay as they are.

    Each artifact is listed by its owner and by no other role that clients would ask. Custom fields
    and hash algorithms are kept. What no role owns, or what cannot be an artifact, is left for the
    rules to report.

    Args:
        draft: the change; an artifact's bytes are those of its event.
        changed: artifacts (TUF target paths, without "targets/") that were added, changed, removed.
        lookup: over the event's state, or over `draft.result()` if the draft changes delegations.
    """
    owners: dict[Entry, RoleName] = {}
    for artifact in dict.fromkeys(changed):
        if not is_artifact_name(artifact):
            continue
        entry = draft.event.files.find(artifact_path(artifact))
        owner = lookup.owner(artifact) if entry and entry.kind in PLAIN else None
        if entry and owner:
            owners[entry] = owner
        if owner or not entry:
            _unlist(draft, artifact, [role for role in lookup.visited(artifact) if role != owner])
    _list(draft, owners)


def is_artifact_name(artifact: str) -> bool:
    """Whether the name is UTF-8 and not hidden: clients and stores disagree on the others."""
    hidden = any(part.startswith(".") for part in artifact.split("/"))
    return not hidden and artifact == artifact.encode(errors="replace").decode()


def _unlist(draft: Draft, artifact: str, roles: Iterable[RoleName]) -> None:
    for role in roles:
        listed = _listing(draft, role)
        if listed and artifact in listed.targets:
            del draft.targets(role).targets[artifact]


def _list(draft: Draft, owners: Mapping[Entry, RoleName]) -> None:
    for entry, data in draft.event.files.read_many(owners):
        listed, artifact = _listing(draft, owners[entry]), artifact_of_path(entry.path)
        if listed is None or artifact is None:
            continue
        before = listed.targets.get(artifact)
        after = _target_file(artifact, data, _algorithms(listed, before))
        if before:
            after.unrecognized_fields = before.unrecognized_fields
        if after != before:
            draft.targets(owners[entry]).targets[artifact] = after


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
