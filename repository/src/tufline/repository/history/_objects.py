"""Reading objects: one `git cat-file --batch` serves all reads of a history."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from tufline.repository.history._errors import CorruptRepository, MissingObject
from tufline.repository.history._git import Git

# Requests that git has not read yet must fit its pipe, or both sides wait for ever: 65 bytes each,
# and the smallest pipe of the systems we run on holds 16 KiB.
REQUESTS_AT_ONCE: Final = 250

_ID: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class _Object(NamedTuple):
    kind: bytes
    data: bytes


class Objects:
    """The objects of a repository, by id. Close it when done."""

    def __init__(self, git: Git) -> None:
        self._child = git.start("cat-file", "--batch")
        self._owed = 0
        self._kept: deque[_Object | None] = deque()

    def close(self) -> None:
        """End the git process."""
        self._child.close()

    def read(self, kind: bytes, name: str) -> bytes:
        """Return the bytes of the object `name`, which must be a `kind`."""
        return next(self.read_some(kind, [name]))

    def read_some(self, kind: bytes, names: Sequence[str]) -> Iterator[bytes]:
        """Yield the bytes of up to `REQUESTS_AT_ONCE` objects, holding one at a time.

        A caller may stop half-way, or read something else in between: answers that git still owes
        are then kept for this iterator.
        """
        self._settle()
        self._child.send(b"".join(_request(name) for name in names))
        self._owed = len(names)
        kept = self._kept = deque()
        for name in names:
            found = kept.popleft() if kept else self._receive()
            yield _checked(kind, name, found)

    def _settle(self) -> None:
        while self._owed:
            self._kept.append(self._receive())

    def _receive(self) -> _Object | None:
        """Return the next object, None if git has none of that name."""
        header = self._child.line()
        self._owed -= 1
        _, kind, *size = header.split(b" ")
        if not size:
            return None
        return _Object(kind, self._child.exactly(int(size[0]) + 1)[:-1])


def _request(name: str) -> bytes:
    # Anything but an id could hold a line break, and the answers would no longer match.
    if not _ID.fullmatch(name):
        raise MissingObject(repr(name))
    return name.encode() + b"\n"


def _checked(kind: bytes, name: str, found: _Object | None) -> bytes:
    if found is None:
        raise MissingObject(name)
    if found.kind != kind:
        raise CorruptRepository(f"object {name} is a {found.kind.decode()}, not a {kind.decode()}")
    return found.data
