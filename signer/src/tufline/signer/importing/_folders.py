"""Sources that can be listed: a folder of this machine, and a commit of a clone."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from tufline.repository.state import PLAIN, Files
from tufline.signer.importing._errors import SourceUnreadable
from tufline.signer.importing._interface import TooLong


class FolderSource:
    """A folder. Links that lead out of it are not followed; only plain files are read."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self._folder = folder.resolve()

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file (`Source`)."""
        try:
            file = (self._folder / path).resolve()
            if not file.is_relative_to(self._folder):
                raise SourceUnreadable(self.name, path, "it lies outside of the folder")
            return self._plain(file, path, limit)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except (OSError, ValueError, RuntimeError) as error:  # a loop of links, a NUL in the name
            raise SourceUnreadable(self.name, path, str(error)) from error

    def names(self, folder: str) -> Iterable[str]:
        """Return the names in a folder."""
        try:
            return sorted(os.listdir(self._folder / folder))  # noqa: PTH208 - names, not paths
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            raise SourceUnreadable(self.name, folder, str(error)) from error

    def _plain(self, file: Path, path: str, limit: int) -> bytes | None:
        # Not blocking: a pipe that nobody writes to would keep the opening waiting for ever.
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as opened:
            mode = os.fstat(descriptor).st_mode
            if stat.S_ISDIR(mode):
                return None
            if not stat.S_ISREG(mode):
                raise SourceUnreadable(self.name, path, "it is not a plain file")
            data = opened.read(limit + 1)
        if len(data) > limit:
            raise TooLong
        return data


class TreeSource:
    """A folder of a commit ("" is all of it)."""

    def __init__(self, files: Files, name: str, folder: str = "") -> None:
        self.name = name
        self._files = files
        self._below = f"{folder.strip('/')}/" if folder.strip("/") else ""

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file (`Source`)."""
        entry = self._files.find(self._below + path)
        if entry is None or entry.kind not in PLAIN:
            return None
        data = self._files.read(entry)
        if len(data) > limit:
            raise TooLong
        return data

    def names(self, folder: str) -> Iterable[str]:
        """Return the names in a folder."""
        names = self._files.names((self._below + folder).rstrip("/"))
        return tuple(name for name in names if not name.endswith("/"))
