"""What a transition uploads of the targets-type roles: their metadata and their artifacts."""

from collections.abc import Iterator

from tuf.api.metadata import Snapshot, TargetFile, Targets

from tufline.repository.format import (
    METADATA_FOLDER,
    SNAPSHOT,
    TARGETS,
    Document,
    RoleName,
    artifact_path,
    metadata_path,
    role_of_path,
)
from tufline.repository.publish._layout import Layout
from tufline.repository.publish._publishable import (
    NotPublishable,
    plain_file,
    publishable,
    readable,
)
from tufline.repository.publish._uploads import Upload
from tufline.repository.state import State, same


def content(
    before: State | None, after: State, snapshot: Document[Snapshot], layout: Layout
) -> tuple[Upload, ...]:
    """Return the artifacts, the delegated roles and targets that `before` has not published."""
    artifacts: list[Upload] = []
    metadata: list[Upload] = []
    for role in changed_roles(before, after, snapshot):
        path = metadata_path(role)
        document = readable(after.targets(role), path)
        _expect_version(path, document, snapshot)
        name = layout.metadata(role, document.signed.version)
        metadata.append(Upload(name=name, source=plain_file(after, path)))
        artifacts.extend(_artifacts(before, after, (role, document), layout))
    return (*artifacts, *metadata)


def changed_roles(
    before: State | None, after: State, snapshot: Document[Snapshot]
) -> tuple[RoleName, ...]:
    """Return the targets-type roles that `before` has not published as they are, targets last.

    A role whose file is gone keeps its entry in snapshot, and its files in the store.
    """
    deployed = publishable(before).snapshot.signed.meta if before else {}
    changed = {change.path for change in after.files.since(before.files)} if before else set()
    roles = []
    for name, meta in snapshot.signed.meta.items():
        role = _role_of_entry(name)
        path = metadata_path(role)
        renewed = name not in deployed or deployed[name].version != meta.version
        may_be_gone = role != TARGETS and not (before and renewed)
        if may_be_gone and after.files.find(path) is None:
            continue
        if renewed or path in changed:
            roles.append(role)
    return tuple(sorted(roles, key=lambda role: (role == TARGETS, role)))


def _role_of_entry(name: str) -> RoleName:
    role = role_of_path(f"{METADATA_FOLDER}/{name}")
    if role is None:
        raise NotPublishable(metadata_path(SNAPSHOT), f"names {name!r}, which is not a role")
    return role


def _expect_version(path: str, document: Document[Targets], snapshot: Document[Snapshot]) -> None:
    named = snapshot.signed.meta[path.removeprefix(f"{METADATA_FOLDER}/")].version
    if document.signed.version != named:
        reason = f"is version {document.signed.version}, but snapshot names {named}"
        raise NotPublishable(path, reason)


def _artifacts(
    before: State | None, after: State, role: tuple[RoleName, Document[Targets]], layout: Layout
) -> Iterator[Upload]:
    """Yield the artifacts that the role lists, but for those that it listed in `before` too."""
    name, document = role
    deployed = _listed(before, name)
    for artifact, target in document.signed.targets.items():
        path = artifact_path(artifact)
        source = plain_file(after, path)
        listed = deployed.get(artifact)
        same_hashes = listed is not None and listed.hashes == target.hashes
        if before and same_hashes and same(before.files.find(path), source):
            continue
        for digest in target.hashes.values():
            yield Upload(name=layout.artifact(artifact, digest), source=source)


def _listed(state: State | None, role: RoleName) -> dict[str, TargetFile]:
    loaded = state.targets(role) if state else None
    return loaded.signed.targets if isinstance(loaded, Document) else {}
