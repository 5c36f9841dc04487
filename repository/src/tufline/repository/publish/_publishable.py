"""What a state would publish at the top level, where it is complete enough to be published."""

from dataclasses import dataclass

from tuf.api.metadata import Root, Snapshot, Timestamp

from tufline.repository.errors import Refusal
from tufline.repository.format import (
    ROOT,
    SNAPSHOT,
    TIMESTAMP,
    AnySigned,
    Document,
    historic_root_path,
    metadata_path,
)
from tufline.repository.publish._uploads import published_bytes
from tufline.repository.state import PLAIN, Entry, State, Unreadable


class NotPublishable(Refusal):
    """A file of the state is missing or does not fit the others, so clients would stop at it."""

    hint = "publish a commit of the publish branch, as online signing made it; review it first"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path


@dataclass(frozen=True, kw_only=True, slots=True)
class Publishable:
    """The top-level metadata of a state: each names the version of the next."""

    root: Document[Root]
    timestamp: Document[Timestamp]
    snapshot: Document[Snapshot]

    @property
    def root_version(self) -> int:
        """The version of the newest root."""
        return self.root.signed.version

    @property
    def timestamp_data(self) -> bytes:
        """What clients get as timestamp.json."""
        return published_bytes(self.timestamp.data)


def publishable(state: State) -> Publishable:
    """Return the state's top-level metadata; raise `NotPublishable` where it does not fit."""
    root = readable(state.root(), metadata_path(ROOT))
    timestamp = readable(state.timestamp(), metadata_path(TIMESTAMP))
    snapshot = readable(state.snapshot(), metadata_path(SNAPSHOT))
    if historic_root(state, root.signed.version).data != root.data:
        path = historic_root_path(root.signed.version)
        raise NotPublishable(path, f"is not the same file as {metadata_path(ROOT)}")
    named = timestamp.signed.snapshot_meta.version
    if named != snapshot.signed.version:
        reason = f"is version {snapshot.signed.version}, but the timestamp names {named}"
        raise NotPublishable(metadata_path(SNAPSHOT), reason)
    return Publishable(root=root, timestamp=timestamp, snapshot=snapshot)


def historic_root(state: State, version: int) -> Document[Root]:
    """Return root `version`; raise `NotPublishable` if it is not there."""
    path = historic_root_path(version)
    root = readable(state.historic_root(version), path)
    if root.signed.version != version:
        raise NotPublishable(path, f"holds version {root.signed.version}")
    return root


def readable(loaded: Document[AnySigned] | Unreadable | None, path: str) -> Document[AnySigned]:
    """Return the document; raise `NotPublishable` if the file at `path` is not one."""
    match loaded:
        case Document():
            return loaded
        case Unreadable(reason=reason):
            raise NotPublishable(path, reason)
        case _:
            raise NotPublishable(path, "is missing")


def plain_file(state: State, path: str) -> Entry:
    """Return the file at `path`; raise `NotPublishable` if it is missing or a link."""
    entry = state.files.find(path)
    if entry is None:
        raise NotPublishable(path, "is missing")
    if entry.kind not in PLAIN:
        raise NotPublishable(path, f"is a {entry.kind}, not a file")
    return entry
