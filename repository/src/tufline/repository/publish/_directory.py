"""A store that is a folder of this machine: what a web server serves, or a job uploads whole."""

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from tufline.repository.publish._store import (
    Cache,
    NoSpace,
    NoSuchObject,
    NotThere,
    ReadOnlyStore,
    StoreFailed,
    safe_name,
)

_FULL: Final = {errno.ENOSPC, errno.EDQUOT}
_READ_ONLY: Final = {errno.EROFS, errno.EACCES, errno.EPERM}


class DirectoryStore:
    """A `Store` in a folder, which must exist. Its files are readable as the umask says.

    A file is written beside its place and moved there, so readers never see a part of one. No
    symbolic link below the folder is followed. Nothing is forced to disk: after a power cut,
    publish again with nothing known of the store.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._top = str(path)
        self._entered = {self._top}

    def put(self, name: str, data: bytes, *, media_type: str, cache: Cache) -> None:
        """Store the bytes. A folder keeps neither media type nor cache policy."""
        del media_type, cache
        place = self._place(name)
        try:
            self._make(_parent(place))
            _replace(place, data)
        except OSError as error:
            raise self._failure(name, error) from error

    def get(self, name: str) -> bytes:
        """Return the bytes; raise `NoSuchObject` if there are none."""
        place = self._place(name)
        try:
            self._enter(_parent(place))
            return _read(place)
        except FileNotFoundError as error:
            if os.path.isdir(self._top):  # noqa: PTH112 - texts, see below
                raise NoSuchObject(name) from error
            raise self._failure(name, error) from error
        except OSError as error:
            raise self._failure(name, error) from error

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


def _replace(place: str, data: bytes) -> None:
    """Write the file beside its place, then move it there. Leaves nothing behind on failure."""
    temporary = f"{_parent(place)}/.{secrets.token_hex(8)}.tmp"
    try:
        _write(temporary, data)
        os.replace(temporary, place)  # noqa: PTH105 - texts, see above
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _write(place: str, data: bytes) -> None:
    # not `tempfile`: its files are for their owner alone, and a web server must read these
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _read(place: str) -> bytes:
    handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        return file.read()
