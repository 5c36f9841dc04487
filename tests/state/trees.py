"""The same tree by every implementation of `Files`: in memory, in git, and over another tree."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from tests.support.memory_history import USER, MemoryHistory
from tests.support.sample import NOW

from tufline.repository.history import History
from tufline.repository.state import Difference, Entry, Files, MemoryFiles, Overlay

Contents: TypeAlias = Mapping[str, bytes]


class Counted:
    """A tree that counts how often it is asked for many files at once, or for one."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.calls: list[str] = []

    def find(self, path: str) -> Entry | None:
        return self.files.find(path)

    def below(self, folder: str) -> Iterator[Entry]:
        return self.files.below(folder)

    def names(self, folder: str) -> Iterator[str]:
        return self.files.names(folder)

    def read(self, entry: Entry) -> bytes:
        self.calls.append("read")
        return self.files.read(entry)

    def read_many(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
        self.calls.append("read_many")
        return self.files.read_many(entries)

    def since(self, base: Files) -> Iterator[Difference]:
        return self.files.since(base)


def in_history(history: History, contents: Contents) -> Files:
    """Return the tree as a commit of the history."""
    commit = history.write(
        tree=None, changes=contents, parents=[], message="tree", author=USER, when=NOW
    )
    return history.files(commit)


def over(base: Files, top: Files) -> Overlay:
    """Return `base` with everything that differs replaced by files of `top`."""
    return Overlay(base, top, top.since(base))


def half_replaced(contents: Contents) -> Overlay:
    """Return the tree over another one, of which files stay, are replaced, and are removed."""
    paths = sorted(contents)
    older = {path: contents[path] for path in paths[::2]}
    older |= {path: b"older" + contents[path] for path in paths[1::4]}
    base = {**older, "gone.txt": b"gone", "gone/too": b""}
    return over(MemoryFiles(base), MemoryFiles(contents))


def fake(contents: Contents) -> Files:
    """Return the tree as the fake history has it."""
    return in_history(MemoryHistory(), contents)
