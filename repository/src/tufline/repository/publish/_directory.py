"""A store that is a folder of this machine: what a web server serves, or a job uploads whole."""

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tufline.repository.publish._cache import Cache
from tufline.repository.publish._store import (
    Listed,
    NoSpace,
    NoSuchObject,
    NotThere,
    ReadOnlyStore,
    StoreChanged,
    StoreFailed,
    Tag,
    safe_name,
)

_FULL: Final = {errno.ENOSPC, errno.EDQUOT}
_READ_ONLY: Final = {errno.EROFS, errno.EACCES, errno.EPERM}


class DirectoryStore:
    """A `Store` in a folder, which must exist. Its files are readable as the umask says.

    GitHub Pages, and whatever else takes a whole folder, is served by this too: a job builds the
    folder and uploads it as one artifact.

    A file is written beside its place and linked or moved there, so readers never see a part of
    one. Whoever replaces or deletes a file locks the folder first (flock), so the file system must
    know that for folders, as local ones do. No symbolic link below the folder is followed. Nothing
    is forced to disk: after a power cut, publish again with nothing known of the store.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._top = str(path)
        self._entered = {self._top}

    @property
    def workers(self) -> int:
        """One: the file system is faster than Python can hand work to threads."""
        return 1

    def put(
        self, name: str, data: bytes, *, media_type: str, cache: Cache, replaces: Tag | None = None
    ) -> None:
        """Store the bytes. A folder keeps neither media type nor cache policy."""
        del media_type, cache
        place = self._place(name)
        try:
            self._make(_parent(place))
            if replaces is None:
                _link(place, data)
            else:
                self._swap(name, data, replaces)
        except FileExistsError as error:
            raise StoreChanged(name) from error
        except OSError as error:
            raise self._failure(name, error) from error

    def get(self, name: str) -> bytes:
        """Return the bytes; raise `NoSuchObject` if there are none."""
        return self._opened(name, self._place(name))[0]

    def _opened(self, name: str, place: str) -> tuple[bytes, os.stat_result]:
        """Return a file's bytes, and what the file system says of the very same file."""
        try:
            self._enter(_parent(place))
            return _read(place)
        except FileNotFoundError as error:
            if os.path.isdir(self._top):  # noqa: PTH112 - texts, see below
                raise NoSuchObject(name) from error
            raise self._failure(name, error) from error
        except OSError as error:
            raise self._failure(name, error) from error

    def read(self, name: str) -> tuple[bytes, Tag]:
        """Return the bytes, and as the tag what the file system says of the file, with a digest."""
        place = self._place(name)
        data, facts = self._opened(name, place)
        return data, Tag(f"{_tag(facts)}-{hashlib.sha256(data).hexdigest()}")

    def listing(self) -> Iterator[Listed]:
        """Yield the files. No file is read, so no MD5 is known, and no tag has a digest."""
        try:
            for place, facts in _files_below(self._top):
                yield Listed(
                    name=place.removeprefix(f"{self._top}/"),
                    size=facts.st_size,
                    modified=datetime.fromtimestamp(facts.st_mtime, UTC),
                    tag=_tag(facts),
                )
        except OSError as error:
            raise self._failure(str(error.filename), error) from error

    def delete(self, name: str, tag: Tag) -> None:
        """Delete the file if it still is what the tag stands for."""
        place = self._place(name)
        with contextlib.suppress(NoSuchObject):
            try:
                with _locked(self._top):
                    self._expect(name, tag)
                    Path(place).unlink()
            except OSError as error:
                raise self._failure(name, error) from error

    def _swap(self, name: str, data: bytes, tag: Tag) -> None:
        with _locked(self._top):
            try:
                self._expect(name, tag)
            except NoSuchObject as error:
                raise StoreChanged(name) from error
            _replace(self._place(name), data)

    def _expect(self, name: str, tag: Tag) -> None:
        _, there = self.read(name)
        if tag not in {there, there.rpartition("-")[0]}:
            raise StoreChanged(name)

    def _place(self, name: str) -> str:
        return f"{self._top}/{safe_name(name)}"

    def _make(self, folder: str) -> None:
        """Make the folder and those above it, each once."""
        if folder in self._entered:
            return
        self._make(_parent(folder))
        with contextlib.suppress(FileExistsError):
            Path(folder).mkdir()
        self._enter(folder)

    def _enter(self, folder: str) -> None:
        """Make sure, once for each, that the folder lies in the store and no link leads out."""
        if folder in self._entered:
            return
        self._enter(_parent(folder))
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            raise StoreFailed(folder, "is not a folder of the store itself")
        self._entered.add(folder)

    def _failure(self, name: str, error: OSError) -> StoreFailed:
        """Return the port's error for one of the system's."""
        reason = error.strerror or type(error).__name__
        if not self._path.is_dir():
            return NotThere(str(self._path), "no such folder")
        if error.errno in _FULL:
            return NoSpace(name, reason)
        if error.errno in _READ_ONLY:
            return ReadOnlyStore(name, reason)
        return StoreFailed(name, reason)


# Texts instead of `Path`, which takes longer over 100,000 files than the system does to write them.


def _parent(place: str) -> str:
    return place.rpartition("/")[0]


def _link(place: str, data: bytes) -> None:
    """Write the file beside its place, then give it its name, which nothing may have yet."""
    with _written(place, data) as temporary:
        os.link(temporary, place)


def _replace(place: str, data: bytes) -> None:
    """Write the file beside its place, then move it there."""
    with _written(place, data) as temporary:
        os.replace(temporary, place)  # noqa: PTH105 - texts, see above


@contextlib.contextmanager
def _written(place: str, data: bytes) -> Iterator[str]:
    """Write a file beside `place`; leave nothing of it behind, but for what was moved."""
    temporary = f"{_parent(place)}/.{secrets.token_hex(8)}.tmp"
    try:
        _write(temporary, data)
        yield temporary
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)  # noqa: PTH108 - texts, see above


def _write(place: str, data: bytes) -> None:
    # not `tempfile`: its files are for their owner alone, and a web server must read these
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _read(place: str) -> tuple[bytes, os.stat_result]:
    handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        return file.read(), os.fstat(handle)


def _tag(facts: os.stat_result) -> Tag:
    """Return what is another for each file that was put: none is ever written in its place."""
    return Tag(f"{facts.st_ino}-{facts.st_mtime_ns}-{facts.st_size}")


@contextlib.contextmanager
def _locked(folder: str) -> Iterator[None]:
    """Keep other publishers from replacing or deleting anything; ends with the process, too."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _files_below(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the plain files at any depth. What goes away meanwhile is left out."""
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                if entry.is_dir(follow_symlinks=False):
                    yield from _files_below(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    yield entry.path, entry.stat(follow_symlinks=False)
