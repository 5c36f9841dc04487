"""Targets metadata that lists what lies below targets/ in git."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from tuf.api.metadata import TargetFile, Targets

from tufline.repository.edit._draft import Draft
from tufline.repository.edit._errors import NotListedThere, UnknownHashAlgorithm
from tufline.repository.format import TARGETS, RoleName, artifact_of_path, artifact_path
from tufline.repository.state import PLAIN, Entry, Lookup

_HASH_ALGORITHMS: Final = ("sha256",)
_CUSTOM: Final = "custom"  # TUF specification, 4.5
_BY_RULE: Final[Mapping[str, RoleName]] = MappingProxyType({})


def update_targets(
    draft: Draft,
    changed: Iterable[str],
    lookup: Lookup,
    *,
    listers: Mapping[str, RoleName] = _BY_RULE,
) -> None:
    """List the `changed` artifacts as git has them; other entries stay as they are.

    Each artifact is listed by one role and by no other role that clients would ask: by its owner,
    or by the nested role that lists it already. Custom fields and hash algorithms are kept. What no
    role owns, or what cannot be an artifact, is left for the rules to report.

    Args:
        draft: the change; an artifact's bytes are those of its event.
        changed: artifacts (TUF target paths, without "targets/") that were added, changed, removed.
        lookup: over the event's state, or over `draft.result()` if the draft changes delegations.
        listers: roles that shall list artifacts, where not the above; clients must come by them.
    """
    owners: dict[Entry, RoleName] = {}
    for artifact in dict.fromkeys(changed):
        if not is_artifact_name(artifact):
            continue
        entry = draft.event.files.find(artifact_path(artifact))
        is_plain = entry is not None and entry.kind in PLAIN
        owner = (listers.get(artifact) or _lister(draft, lookup, artifact)) if is_plain else None
        if entry and owner:
            owners[entry] = owner
        if owner or not entry:
            _unlist(draft, artifact, [role for role in lookup.visited(artifact) if role != owner])
    _list(draft, owners)


def describe_artifact(
    draft: Draft,
    role: RoleName,
    artifact: str,
    *,
    custom: Mapping[str, Any] | None = None,
    algorithms: Sequence[str] = (),
) -> None:
    """Set what an entry says beyond the file: custom data, and with which hashes.

    None and nothing leave them as they are; an empty mapping takes the custom data away. Raise
    `NotListedThere`, `UnknownHashAlgorithm`.
    """
    data = draft.event.read(artifact_path(artifact))
    before = draft.targets(role).targets.get(artifact)
    if data is None or before is None:
        raise NotListedThere(role, artifact)
    after = _target_file(artifact, data, tuple(dict.fromkeys(algorithms)) or tuple(before.hashes))
    after.unrecognized_fields = dict(before.unrecognized_fields)
    if custom is not None:
        after.unrecognized_fields.pop(_CUSTOM, None)
    if custom:
        after.unrecognized_fields[_CUSTOM] = dict(custom)
    draft.targets(role).targets[artifact] = after


def is_artifact_name(artifact: str) -> bool:
    """Whether the name is UTF-8 and not hidden: clients and stores disagree on the others."""
    hidden = any(part.startswith(".") for part in artifact.split("/"))
    return not hidden and artifact == artifact.encode(errors="replace").decode()


def _lister(draft: Draft, lookup: Lookup, artifact: str) -> RoleName | None:
    """Return who lists a file: its owner, unless a role below that one does so already."""
    owner = lookup.owner(artifact)
    if owner in {None, TARGETS}:
        return owner
    first = next(iter(lookup.listers(artifact)), None)
    is_nested = first not in {None, TARGETS, owner} and TARGETS not in draft.delegators(first)
    return first if is_nested else owner


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
