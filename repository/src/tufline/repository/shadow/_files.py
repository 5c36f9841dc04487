"""The files of a published shadow by name; artifacts are looked up and read when asked for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from threading import Lock
from typing import TypeAlias

from tufline.repository.format import artifact_path
from tufline.repository.publish import ARTIFACTS, Layout
from tufline.repository.state import PLAIN, Entry, State

Listing: TypeAlias = Mapping[str, Sequence[str]]
"""What a role lists: the hashes of each artifact."""


class PublishedFiles(Mapping[str, bytes]):
    """Metadata that is held in memory, and artifacts that lie in git.

    A repository may hold a hundred thousand artifacts, of which clients try a few: so their names
    are not kept. For several threads: git answers one question at a time, so `lock` is held
    meanwhile.
    """

    def __init__(
        self,
        metadata: Mapping[str, bytes],
        listings: Iterable[Listing],
        layout: Layout,
        state: State,
        lock: Lock,
    ) -> None:
        self._metadata = metadata
        self._listings = tuple(listings)
        self._layout = layout
        self._state = state
        self._lock = lock

    def __getitem__(self, name: str) -> bytes:
        if name in self._metadata:
            return self._metadata[name]
        path = self._listed_as(name)
        with self._lock:
            entry = self._file(path)
            if entry is None:
                raise KeyError(name)
            return self._state.files.read(entry)

    def __iter__(self) -> Iterator[str]:
        yield from self._metadata
        names = dict.fromkeys(self._artifacts())
        yield from (name for name in names if name not in self._metadata)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _artifacts(self) -> Iterator[str]:
        for listing in self._listings:
            for path, digests in listing.items():
                with self._lock:
                    is_there = self._file(path) is not None
                if is_there:
                    yield from (self._layout.artifact(path, digest) for digest in digests)

    def _listed_as(self, name: str) -> str:
        """Return the artifact that is published under the name; raise `KeyError`."""
        folder, slash, last = name.removeprefix(f"{ARTIFACTS}/").rpartition("/")
        digest, _, base = last.partition(".")
        path = f"{folder}{slash}{base}"
        is_listed = any(digest in listing.get(path, ()) for listing in self._listings)
        if not is_listed or self._layout.artifact(path, digest) != name:
            raise KeyError(name)
        return path

    def _file(self, path: str) -> Entry | None:
        entry = self._state.files.find(artifact_path(path))
        return entry if entry and entry.kind in PLAIN else None
