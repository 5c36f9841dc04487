"""What a tree says: roles, historic roots, artifacts, invitations. Read when asked for, not before.

A state never fails on what the files hold. A metadata file that cannot be understood is an
`Unreadable`, a value like any other: rules report it, and nobody can forget it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeAlias

from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from tufline.repository.format import (
    ARTIFACT_FOLDER,
    INVITATIONS_PATH,
    METADATA_FOLDER,
    ONLINE_ROLES,
    ROOT,
    SNAPSHOT,
    TIMESTAMP,
    AnySigned,
    Document,
    InvalidInvitations,
    InvalidMetadata,
    Invitations,
    RoleName,
    historic_root_path,
    historic_root_version,
    metadata_path,
    parse_document,
    parse_invitations,
    role_of_path,
)
from tufline.repository.state._files import PLAIN, Entry, Files
from tufline.repository.state._outline import Outline, outline_of

# Clients refuse larger files (python-tuf `UpdaterConfig`), so we do not even parse them.
LARGEST_ROOT = 512_000
LARGEST_TIMESTAMP = 16_384
LARGEST_SNAPSHOT = 2_000_000
LARGEST_TARGETS = 5_000_000

_ROLES_KEPT = 16  # reviews go role by role; only delegators are asked for again and again
_BYTES_KEPT = 2**25  # of files read ahead; beyond it they are read again


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is there and does not say what it should."""

    path: str
    reason: str


LoadedRoot: TypeAlias = Document[Root] | Unreadable | None
LoadedTargets: TypeAlias = Document[Targets] | Unreadable | None
Loaded: TypeAlias = Document[Root] | Document[Targets] | Unreadable | None


class State:
    """The repository as one tree has it. Immutable; what was read is remembered for a while."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._role = lru_cache(maxsize=_ROLES_KEPT)(self._read_targets)
        self._roots = lru_cache(maxsize=_ROLES_KEPT)(self._read_root)
        self._snapshot = cache(self._read_snapshot)
        self._timestamp = cache(self._read_timestamp)
        self._read_ahead: dict[str, bytes] = {}
        self._outlines: dict[RoleName, Outline] = {}

    def root(self) -> LoadedRoot:
        """Return the current root."""
        return self._roots(metadata_path(ROOT))

    def historic_root(self, version: int) -> LoadedRoot:
        """Return root `version` as `root_history` has it."""
        return self._roots(historic_root_path(version))

    def historic_roots(self) -> dict[int, Entry]:
        """Return the files of `root_history` that are named as they should be, by version."""
        found = self.files.below(f"{METADATA_FOLDER}/root_history")
        versions = ((historic_root_version(entry.path), entry) for entry in found)
        return {version: entry for version, entry in versions if version is not None}

    def targets(self, role: RoleName) -> LoadedTargets:
        """Return the metadata of `role`: "targets" or a delegated role."""
        return self._role(role)

    def outline(self, role: RoleName) -> Outline | None:
        """Return what the metadata of a targets-type role says of itself; None if it is not there.

        Once a role was read this is at hand, so who goes over all roles again parses none of them.
        """
        if role not in self._outlines:
            self.targets(role)
        return self._outlines.get(role)

    def role(self, role: RoleName) -> Loaded:
        """Return the metadata of a role that people sign: root or a targets-type role."""
        return self.root() if role == ROOT else self.targets(role)

    def role_files(
        self, roles: Iterable[RoleName], *, keep: bool = True
    ) -> Iterator[tuple[RoleName, bytes]]:
        """Yield the metadata files of those of `roles` that have one, read in one go.

        They are kept until `role` parses them: who walks the delegations usually goes on to judge
        what they lead to. Who does not says so by `keep`.
        """
        found = {role: self.files.find(metadata_path(role)) for role in roles}
        entries = {entry: role for role, entry in found.items() if entry and entry.kind in PLAIN}
        room = _BYTES_KEPT if keep else 0
        for entry, data in self.files.read_many(entries):
            room -= len(data)
            if room > 0:
                self._read_ahead[entry.path] = data
            yield entries[entry], data

    def snapshot(self) -> Document[Snapshot] | Unreadable | None:
        """Return the snapshot metadata, where the tree has one."""
        return self._snapshot()

    def timestamp(self) -> Document[Timestamp] | Unreadable | None:
        """Return the timestamp metadata, where the tree has one."""
        return self._timestamp()

    def targets_roles(self) -> tuple[RoleName, ...]:
        """Return the targets-type roles that have a file, delegated or not, sorted."""
        names = (role_of_path(entry.path) for entry in self.files.below(METADATA_FOLDER))
        return tuple(sorted({name for name in names if name} - ONLINE_ROLES - {ROOT}))

    def invitations(self) -> Invitations | Unreadable:
        """Return who is invited."""
        data = self.read(INVITATIONS_PATH)
        try:
            return Invitations() if data is None else parse_invitations(data)
        except InvalidInvitations as error:
            return Unreadable(INVITATIONS_PATH, str(error))

    def artifacts(self, folder: str = "") -> Iterator[Entry]:
        """Yield the artifacts' files, all or those below a folder of targets/."""
        below = f"{ARTIFACT_FOLDER}/{folder}" if folder else ARTIFACT_FOLDER
        return self.files.below(below)

    def read(self, path: str) -> bytes | None:
        """Return the bytes of the plain file at `path`, or None where there is none."""
        entry = self.files.find(path)
        if entry is None or entry.kind not in PLAIN:
            return None
        return self.files.read(entry)

    def _read_root(self, path: str) -> LoadedRoot:
        return self._read(path, Root, LARGEST_ROOT)

    def _read_snapshot(self) -> Document[Snapshot] | Unreadable | None:
        return self._read(metadata_path(SNAPSHOT), Snapshot, LARGEST_SNAPSHOT)

    def _read_timestamp(self) -> Document[Timestamp] | Unreadable | None:
        return self._read(metadata_path(TIMESTAMP), Timestamp, LARGEST_TIMESTAMP)

    def _read_targets(self, role: RoleName) -> LoadedTargets:
        loaded = self._read(metadata_path(role), Targets, LARGEST_TARGETS)
        if isinstance(loaded, Document):
            self._outlines[role] = outline_of(loaded.signed)
        return loaded

    def _read(
        self, path: str, kind: type[AnySigned], largest: int
    ) -> Document[AnySigned] | Unreadable | None:
        data = self._read_ahead.pop(path, None) or self.read(path)
        if data is None:
            return None if self.files.find(path) is None else Unreadable(path, "not a plain file")
        if len(data) > largest:
            return Unreadable(path, f"{len(data)} bytes, over the {largest} that clients accept")
        try:
            return parse_document(data, kind)
        except InvalidMetadata as error:
            return Unreadable(path, str(error))
