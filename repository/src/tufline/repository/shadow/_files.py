"""The files of a published shadow by name; artifacts are read when they are asked for."""

from collections.abc import Iterator, Mapping
from threading import Lock

from tufline.repository.state import Entry, State


class PublishedFiles(Mapping[str, bytes]):
    """Metadata that is held in memory, and artifacts that lie in git.

    For several threads: git answers one question at a time, so `lock` is held meanwhile.
    """

    def __init__(
        self,
        metadata: Mapping[str, bytes],
        artifacts: Mapping[str, Entry],
        state: State,
        lock: Lock,
    ) -> None:
        self._metadata = metadata
        self._artifacts = artifacts
        self._state = state
        self._lock = lock

    def __getitem__(self, name: str) -> bytes:
        if name in self._metadata:
            return self._metadata[name]
        entry = self._artifacts[name]
        with self._lock:
            return self._state.files.read(entry)

    def __iter__(self) -> Iterator[str]:
        yield from self._metadata
        yield from (name for name in self._artifacts if name not in self._metadata)

    def __len__(self) -> int:
        return len(self._metadata.keys() | self._artifacts.keys())
