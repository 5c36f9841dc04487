"""The port to where a repository is imported from, and what is known once it was read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from tufline.repository.format import Document, RoleName


class TooLong(Exception):
    """A file is longer than it may be."""


class Source(Protocol):
    """The files of a repository that other tools made. Nothing in them can be trusted.

    `name` says where they are, in words.
    """

    name: str

    def read(self, path: str, limit: int) -> bytes | None:
        """Return the file, None if there is none.

        `path` is relative, with `/`, and leads nowhere but below the source. Raise `TooLong` if the
        file has more than `limit` bytes, without reading all of it, and `SourceUnreadable`.
        """
        ...

    def names(self, folder: str) -> Iterable[str] | None:
        """Return the names of the files in a folder; None where the source cannot be listed."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where in a source the files lie. Folders are "" or end in "/".

    Attributes:
        metadata: the folder of the metadata.
        artifacts: the folders that artifacts may be in, likeliest first.
    """

    metadata: str
    artifacts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """The roots, by version without a gap, each byte for byte.

    Attributes:
        newest: the root that clients hold who are up to date.
        start: the oldest root from which clients get to the newest.
        fingerprint: SHA-256 (hex) of root `start`.
    """

    roots: Mapping[int, bytes]
    newest: Document[Root]
    start: int
    fingerprint: str

    @property
    def first(self) -> int:
        """The version of the oldest root that is there."""
        return min(self.roots)


@dataclass(frozen=True, kw_only=True, slots=True)
class Existing:
    """A repository as it was read: all of it verified."""

    chain: Chain
    timestamp: Document[Timestamp]
    snapshot: Document[Snapshot]
    targets: Mapping[RoleName, Document[Targets]]
