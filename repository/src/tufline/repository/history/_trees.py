"""The files of a commit: tree objects, parsed here and walked only as far as needed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from tufline.repository.history._errors import CorruptRepository
from tufline.repository.history._objects import REQUESTS_AT_ONCE, Objects
from tufline.repository.state import Difference, Entry, Files, Kind, compare_listings

_KINDS: Final = {
    b"100644": Kind.FILE,
    b"100664": Kind.FILE,  # written by git until 2005
    b"100755": Kind.EXECUTABLE,
    b"120000": Kind.SYMLINK,
    b"160000": Kind.SUBMODULE,
    b"40000": None,
    b"040000": None,  # written by other programs
}
_CACHED_TREES: Final = 32
# More than a path of 4,096 bytes needs in practice; Python gives up on recursion at about 1,000.
_DEEPEST: Final = 256
# Of a walk. A few objects can mean more files than anybody could list; we are for a million.
_MOST_LINES: Final = 4_000_000


class Item(NamedTuple):
    """One line of a tree: a file, or a folder if `kind` is None."""

    kind: Kind | None
    id: str


class Trees:
    """Parsed trees by id. A folder's name ends in "/", so that names sort as paths do."""

    def __init__(self, objects: Objects, id_size: int) -> None:
        self.objects = objects
        self.items = lru_cache(_CACHED_TREES)(self._parsed)
        self._line = re.compile(rb"([0-7]+) ([^\0/]+)\0(.{%d})" % id_size, re.DOTALL)
        self._overhead = 2 + id_size

    def _parsed(self, tree: str) -> Mapping[str, Item]:
        data = self.objects.read(b"tree", tree)
        lines = self._line.findall(data)
        size = sum(len(mode) + len(name) + self._overhead for mode, name, _ in lines)
        try:
            items = dict(_item(*line) for line in lines)
        except KeyError as unknown_mode:
            raise CorruptRepository(f"tree {tree} holds a mode {unknown_mode}") from None
        # A name with "/" or one that occurs twice would mean other files to other readers.
        if size != len(data) or len({name.removesuffix("/") for name in items}) != len(lines):
            raise CorruptRepository(f"tree {tree} is malformed")
        return items


class GitFiles:
    """The files of one commit (`Files`)."""

    def __init__(self, trees: Trees, root: str) -> None:
        self.trees = trees
        self.root = root

    def find(self, path: str) -> Entry | None:
        """Return the file at `path`, or None."""
        folder, _, name = path.rpartition("/")
        tree = self._folder(folder)
        item = self.trees.items(tree).get(name) if tree else None
        return Entry(path, item.kind, item.id) if item and item.kind else None

    def below(self, folder: str) -> Iterator[Entry]:
        """Yield every file below `folder`, in git's order."""
        folder = folder.rstrip("/")
        tree = self._folder(folder)
        prefix = folder and folder + "/"
        return self._walk(prefix, tree, _Limits()) if tree else iter(())

    def names(self, folder: str) -> Iterator[str]:
        """Yield the names directly in `folder`."""
        tree = self._folder(folder.rstrip("/"))
        return iter(self.trees.items(tree)) if tree else iter(())

    def read(self, entry: Entry) -> bytes:
        """Return the file's bytes."""
        if entry.kind is Kind.SUBMODULE:
            return b""
        return self.trees.objects.read(b"blob", entry.id)

    def read_many(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
        """Yield each entry with its bytes."""
        remaining = iter(entries)
        while chunk := list(islice(remaining, REQUESTS_AT_ONCE)):
            wanted = [entry.id for entry in chunk if entry.kind is not Kind.SUBMODULE]
            contents = self.trees.objects.read_some(b"blob", wanted)
            for entry in chunk:
                yield entry, b"" if entry.kind is Kind.SUBMODULE else next(contents)

    def since(self, base: Files) -> Iterator[Difference]:
        """Yield how this tree differs from `base`, without reading folders that are equal."""
        if isinstance(base, GitFiles):
            return self._differences("", (base, base.root), self.root, _Limits())
        return compare_listings(base, self)

    def _folder(self, folder: str) -> str | None:
        """Return the tree of `folder`, None if there is no such folder."""
        tree = self.root
        for name in folder.split("/") if folder else ():
            item = self.trees.items(tree).get(name + "/")
            if item is None:
                return None
            tree = item.id
        return tree

    def _walk(self, prefix: str, tree: str, limits: "_Limits") -> Iterator[Entry]:
        items = self.trees.items(tree)
        limits.spend(prefix, tree, len(items))
        for name, item in items.items():
            if item.kind is None:
                yield from self._walk(prefix + name, item.id, limits)
            else:
                yield Entry(prefix + name, item.kind, item.id)

    def _differences(
        self,
        prefix: str,
        base: "tuple[GitFiles, str | None]",
        after: str | None,
        limits: "_Limits",
    ) -> Iterator[Difference]:
        other_files, before = base
        old = other_files.trees.items(before) if before else {}
        new = self.trees.items(after) if after else {}
        limits.spend(prefix, after or before, len(old) + len(new))
        for name in sorted(old.keys() | new.keys()):
            one, other = old.get(name), new.get(name)
            if one == other:
                continue
            path = prefix + name
            if name.endswith("/"):
                below = (other_files, one and one.id)
                yield from self._differences(path, below, other and other.id, limits)
            else:
                yield Difference(path, _entry(path, one), _entry(path, other))


class _Limits:
    """What one walk may still read, so that it ends whatever trees somebody made."""

    def __init__(self) -> None:
        self._lines = _MOST_LINES

    def spend(self, prefix: str, tree: str | None, lines: int) -> None:
        """Count the lines of a tree; raise `CorruptRepository` where it is too much."""
        if prefix.count("/") > _DEEPEST:
            raise CorruptRepository(f"tree {tree} lies deeper than {_DEEPEST} folders")
        self._lines -= lines
        if self._lines < 0:
            raise CorruptRepository(f"there are more than {_MOST_LINES} files, up to tree {tree}")


def _item(mode: bytes, name: bytes, id_: bytes) -> tuple[str, Item]:
    kind = _KINDS[mode]
    text = name.decode(errors="surrogateescape")
    return text if kind else text + "/", Item(kind, id_.hex())


def _entry(path: str, item: Item | None) -> Entry | None:
    return Entry(path, item.kind, item.id) if item and item.kind else None
