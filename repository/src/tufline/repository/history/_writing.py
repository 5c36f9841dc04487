"""Writing a commit: blobs, then the trees on the way to each changed path, then the commit.

No index is involved, so none can be disturbed, and the cost follows the change.
"""

import errno
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tufline.repository.history._errors import InvalidPath, NoSpace
from tufline.repository.history._git import Child, Git
from tufline.repository.history._trees import Item, Trees
from tufline.repository.state import Entry, Kind

_MODES: Final = {
    Kind.FILE: "100644 blob",
    Kind.EXECUTABLE: "100755 blob",
    Kind.SYMLINK: "120000 blob",
    Kind.SUBMODULE: "160000 commit",
    None: "040000 tree",
}
_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def check_paths(changes: Mapping[str, bytes | Entry | None]) -> None:
    """Raise `InvalidPath` if a path is not one, or lies below another that becomes a file."""
    files = {path for path, change in changes.items() if change is not None}
    for path in changes:
        names = path.split("/")
        if "\0" in path or any(name.lower() in {"", ".", "..", ".git"} for name in names):
            raise InvalidPath(path)
        if path in files and any("/".join(names[:n]) in files for n in range(1, len(names))):
            raise InvalidPath(path)


def write_blobs(git: Git, changes: Mapping[str, bytes | Entry | None]) -> dict[str, Item | None]:
    """Store the bytes among `changes`; return every path with what it becomes."""
    contents = {path: data for path, data in changes.items() if isinstance(data, bytes)}
    ids = dict(zip(contents, _blob_ids(git, list(contents.values())), strict=True))
    return {
        path: Item(change.kind, change.id)
        if isinstance(change, Entry)
        else (Item(Kind.FILE, ids[path]) if path in ids else None)
        for path, change in changes.items()
    }


def write_tree(git: Git, trees: Trees, base: str | None, changes: Mapping[str, Item | None]) -> str:
    """Store `base` with the changes, folder by folder; return the id of the new tree."""
    with git.talk("mktree", "-z", "--batch") as mktree:
        root = _rewritten(trees, mktree, base, changes)
        return root or _made(mktree, {})


def _blob_ids(git: Git, contents: Sequence[bytes]) -> list[str]:
    """Store the contents through files of our own: git reads many blobs only from files."""
    with _space_is_needed(), tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / str(number) for number in range(len(contents))]
        for path, data in zip(paths, contents, strict=True):
            path.write_bytes(data)
        listing = "".join(f"{path}\n" for path in paths).encode()
        written = git.run("hash-object", "-w", "--no-filters", "--stdin-paths", data=listing)
    return written.split()


def _rewritten(
    trees: Trees, mktree: Child, base: str | None, changes: Mapping[str, Item | None]
) -> str | None:
    """Return the id of the tree `base` with the changes, None if nothing is left in it."""
    items = dict(trees.items(base)) if base else {}
    folders: dict[str, dict[str, Item | None]] = {}
    for path, item in changes.items():
        name, slash, rest = path.partition("/")
        if slash:
            folders.setdefault(name, {})[rest] = item
        elif item:
            items.pop(name + "/", None)
            items[name] = item
        else:
            items.pop(name, None)
    for name, below in folders.items():
        before = items.pop(name + "/", None)
        after = _rewritten(trees, mktree, before and before.id, below)
        if after:
            items.pop(name, None)
            items[name + "/"] = Item(None, after)
    return _made(mktree, items) if items else None


def _made(mktree: Child, items: Mapping[str, Item]) -> str:
    """Store one folder; git sorts it and checks that all it names exists."""
    lines = [
        f"{_MODES[item.kind]} {item.id}\t{name.removesuffix('/')}\0" for name, item in items.items()
    ]
    mktree.send("".join([*lines, "\0"]).encode(errors="surrogateescape"))
    return mktree.line().decode()


@contextmanager
def _space_is_needed() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NoSpace(str(error)) from error
        raise
