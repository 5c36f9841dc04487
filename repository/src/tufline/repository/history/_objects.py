"""Reading objects: one `git cat-file --batch-command` serves all reads of a history."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from tufline.repository.history._errors import CorruptRepository, MissingObject
from tufline.repository.history._git import Git

# Requests that git has not read yet must fit its pipe, or both sides wait for ever: 74 bytes each,
# and the smallest pipe of the systems we run on holds 16 KiB.
REQUESTS_AT_ONCE: Final = 200

_ID: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REQUESTS: Final = re.compile(rf"(?:contents {_ID.pattern}\n)*")

_Answer: TypeAlias = tuple[bytes, bytes]


class Objects:
    """The objects of a repository, by id. Close it when done."""

    def __init__(self, git: Git) -> None:
        self._child = git.start("cat-file", "--batch-command", "--buffer")
        self._coming: Iterator[_Answer] = iter(())
        self._kept: deque[_Answer] = deque()

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
        self._kept.extend(self._coming)
        self._child.send(_requests(names))
        kept = self._kept = deque()
        coming = self._coming = self._child.objects(len(names))
        for name in names:
            described, data = kept.popleft() if kept else next(coming)
            if described != b"%b %b" % (name.encode(), kind):
                raise _unexpected(described, kind)
            yield data


def _requests(names: Sequence[str]) -> bytes:
    """Return one line per object. Anything but an id could hold a line break of its own."""
    lines = "".join([f"contents {name}\n" for name in names])
    if lines.count("\n") != len(names) or not _REQUESTS.fullmatch(lines):
        raise MissingObject(repr(next(name for name in names if not _ID.fullmatch(name))))
    return lines.encode() + b"flush\n"


def _unexpected(described: bytes, kind: bytes) -> Exception:
    name, _, found = described.decode().partition(" ")
    if found == "missing":
        return MissingObject(name)
    return CorruptRepository(f"object {name} is a {found}, not a {kind.decode()}")
