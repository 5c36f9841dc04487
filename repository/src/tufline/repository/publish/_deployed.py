"""What clients get now, as far as it decides what they may get next."""

from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from tuf.api.metadata import Snapshot, Timestamp

from tufline.repository.format import (
    SNAPSHOT,
    AnySigned,
    Document,
    InvalidMetadata,
    parse_document,
)
from tufline.repository.publish._layout import Layout
from tufline.repository.publish._publishable import publishable
from tufline.repository.publish._store import NoSuchObject, Store, Tag
from tufline.repository.state import State

_MOST_ROOTS: Final = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployed:
    """What clients get. A store may be empty or damaged, so anything may be None.

    Attributes:
        root: the newest root version that clients get to, from the oldest that they may hold.
        timestamp_data: the bytes of timestamp.json.
        timestamp: the same, where they are timestamp metadata.
        snapshot: the snapshot that the timestamp names.
        timestamp_tag: the store's tag of the timestamp, where it was seen in one.
    """

    root: int | None = None
    timestamp_data: bytes | None = None
    timestamp: Document[Timestamp] | None = None
    snapshot: Document[Snapshot] | None = None
    timestamp_tag: Tag | None = field(default=None, compare=False)


def observed(store: Store, layout: Layout) -> Deployed:
    """Return what is deployed. Signatures are not verified: nothing here is trusted."""
    data, tag = _look(store, layout.timestamp)
    timestamp = _parse(data, Timestamp)
    snapshot = None
    if timestamp:
        version = timestamp.signed.snapshot_meta.version
        snapshot = _parse(find(store, layout.metadata(SNAPSHOT, version)), Snapshot)
    return Deployed(
        root=_newest_root(store, layout),
        timestamp_data=data,
        timestamp=timestamp,
        snapshot=snapshot,
        timestamp_tag=tag,
    )


def deployed_with(state: State) -> Deployed:
    """Return what is deployed once `state` is published."""
    top = publishable(state)
    return Deployed(
        root=top.root_version,
        timestamp_data=top.timestamp_data,
        timestamp=top.timestamp,
        snapshot=top.snapshot,
    )


def find(store: Store, name: str) -> bytes | None:
    """Return the bytes under `name`, or None where there are none."""
    try:
        return store.get(name)
    except NoSuchObject:
        return None


def _look(store: Store, name: str) -> tuple[bytes, Tag] | tuple[None, None]:
    try:
        return store.read(name)
    except NoSuchObject:
        return None, None


def _newest_root(store: Store, layout: Layout) -> int | None:
    """Ask for one root after the other, as clients do (TUF specification, section 5.3.3).

    Like them, not for ever: a place may have an answer to everything.
    """
    versions = range(layout.oldest_root, layout.oldest_root + _MOST_ROOTS)
    there = takewhile(lambda version: find(store, layout.root(version)) is not None, versions)
    return max(there, default=None)


def _parse(data: bytes | None, kind: type[AnySigned]) -> Document[AnySigned] | None:
    try:
        return parse_document(data, kind) if data is not None else None
    except InvalidMetadata:
        return None
