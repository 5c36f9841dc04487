"""The port through which a state reads its files: content-addressed, immutable, independent of git.

An adapter over git lives in `history`. `MemoryFiles` serves small trees and tests; `Overlay` is a
tree with some files replaced, which is how the tree that a merge would give is judged before it
exists.

Paths are relative, with `/`, and hold surrogate escapes where the name is not UTF-8: such names
must reach the rules, which refuse them.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import groupby
from typing import Final, NamedTuple, Protocol


class Kind(StrEnum):
    """What a tree entry is. Only plain files may appear in a repository that we publish."""

    FILE = "file"
    EXECUTABLE = "executable"
    SYMLINK = "symlink"
    SUBMODULE = "submodule"


PLAIN: Final = frozenset({Kind.FILE, Kind.EXECUTABLE})
"""Kinds of files whose bytes count. The executable bit is not published."""


class Entry(NamedTuple):
    """One file of a tree. Equal `id` means equal bytes."""

    path: str
    kind: Kind
    id: str


class Difference(NamedTuple):
    """One path that two trees do not share. At least one side is there."""

    path: str
    before: Entry | None
    after: Entry | None


class Files(Protocol):
    """The files of one immutable tree."""

    def find(self, path: str) -> Entry | None:
        """Return the file at `path`, or None if there is none (a folder is not a file)."""
        ...

    def below(self, folder: str) -> Iterator[Entry]:
        """Yield every file below `folder` ("" is the root) at any depth; nothing if absent."""
        ...

    def names(self, folder: str) -> Iterator[str]:
        """Yield the names directly in `folder` ("" is the root): a folder's ends in "/"."""
        ...

    def read(self, entry: Entry) -> bytes:
        """Return the file's bytes; a submodule has none and reads as empty."""
        ...

    def read_many(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
        """Yield each entry with its bytes, in the order given, without holding them all."""
        ...

    def since(self, base: "Files") -> Iterator[Difference]:
        """Yield how this tree differs from `base`, sorted by path. Cost follows the difference."""
        ...


class ListedFiles:
    """A tree whose entries are listed, with contents by their ids.

    Contents may be missing, for trees of which no more is read than is there: then `read` raises
    `KeyError`.
    """

    def __init__(self, entries: Mapping[str, Entry], contents: Mapping[str, bytes]) -> None:
        self._entries = dict(sorted(entries.items()))
        self._contents = contents

    def find(self, path: str) -> Entry | None:
        """Return the file at `path`, or None."""
        return self._entries.get(path)

    def below(self, folder: str) -> Iterator[Entry]:
        """Yield every file below `folder`."""
        prefix = folder and folder.rstrip("/") + "/"
        return (entry for path, entry in self._entries.items() if path.startswith(prefix))

    def names(self, folder: str) -> Iterator[str]:
        """Yield the names directly in `folder`."""
        return names_of((entry.path for entry in self.below(folder)), folder)

    def read(self, entry: Entry) -> bytes:
        """Return the file's bytes."""
        return b"" if entry.kind is Kind.SUBMODULE else self._contents[entry.id]

    def read_many(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
        """Yield each entry with its bytes."""
        return ((entry, self.read(entry)) for entry in entries)

    def since(self, base: Files) -> Iterator[Difference]:
        """Yield how this tree differs from `base`."""
        return compare_listings(base, self)


class MemoryFiles(ListedFiles):
    """A tree that is held in memory."""

    def __init__(
        self, contents: Mapping[str, bytes], kinds: Mapping[str, Kind] | None = None
    ) -> None:
        super().__init__(
            {
                path: Entry(path, (kinds or {}).get(path, Kind.FILE), _content_id(data))
                for path, data in contents.items()
            },
            {_content_id(data): data for data in contents.values()},
        )


class Overlay:
    """`base` with some paths replaced by files of `top`: what a merge would give."""

    def __init__(self, base: Files, top: Files, differences: Iterable[Difference]) -> None:
        self._base = base
        self._top = top
        self._replaced = {change.path: change for change in differences}

    def find(self, path: str) -> Entry | None:
        """Return the file at `path`, or None."""
        change = self._replaced.get(path)
        return change.after if change else self._base.find(path)

    def below(self, folder: str) -> Iterator[Entry]:
        """Yield every file below `folder`: first what stays, then what is new or replaced."""
        prefix = folder and folder.rstrip("/") + "/"
        for entry in self._base.below(folder):
            if entry.path not in self._replaced:
                yield entry
        for change in self._replaced.values():
            if change.after and change.path.startswith(prefix):
                yield change.after

    def names(self, folder: str) -> Iterator[str]:
        """Yield the names directly in `folder`."""
        prefix = folder and folder.rstrip("/") + "/"
        changed = [change for path, change in self._replaced.items() if path.startswith(prefix)]
        new = names_of((change.path for change in changed if change.after), folder)
        lost = set(names_of((change.path for change in changed if not change.after), folder))
        for name in dict.fromkeys((*self._base.names(folder), *new)):
            if name not in lost or self._holds(prefix + name):
                yield name

    def read(self, entry: Entry) -> bytes:
        """Return the file's bytes."""
        return self._side(entry).read(entry)

    def read_many(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
        """Yield each entry with its bytes."""
        # Most files come from one side, so this asks it for long runs of them at once.
        for side, run in groupby(entries, key=self._side):
            yield from side.read_many(run)

    def since(self, base: Files) -> Iterator[Difference]:
        """Yield how this tree differs from `base`."""
        if base is not self._base:
            yield from compare_listings(base, self)
            return
        for path, change in sorted(self._replaced.items()):
            before = base.find(path)
            if not same(before, change.after):
                yield Difference(path, before, change.after)

    def _side(self, entry: Entry) -> Files:
        return self._top if entry.path in self._replaced else self._base

    def _holds(self, path: str) -> bool:
        """Whether there is such a file, or with a final "/" anything in such a folder."""
        return any(self.below(path)) if path.endswith("/") else self.find(path) is not None


def names_of(paths: Iterable[str], folder: str) -> Iterator[str]:
    """Return the names directly in `folder`, given all paths below it, as `Files.names` does."""
    start = len(folder.rstrip("/")) + 1 if folder else 0
    parts = (path[start:].partition("/") for path in paths)
    return iter(dict.fromkeys(name + slash for name, slash, _ in parts))


def same(one: Entry | None, other: Entry | None) -> bool:
    """Whether two entries are the same kind of file with the same bytes."""
    if one is None or other is None:
        return one is other
    return (one.kind, one.id) == (other.kind, other.id)


def compare_listings(base: Files, event: Files) -> Iterator[Difference]:
    """Yield the differences of two trees by listing both: for adapters with no better way."""
    before = {entry.path: entry for entry in base.below("")}
    after = {entry.path: entry for entry in event.below("")}
    for path in sorted(before.keys() | after.keys()):
        if not same(before.get(path), after.get(path)):
            yield Difference(path, before.get(path), after.get(path))


def _content_id(data: bytes) -> str:
    """Return git's own id of a file with these bytes, so that trees of both kinds compare."""
    header = b"blob %d\0" % len(data)
    return hashlib.sha1(header + data, usedforsecurity=False).hexdigest()
