"""The port to where published files go, and its errors. Adapters lie beside it."""

from enum import StrEnum
from typing import Final, Protocol

from tufline.repository.errors import EnvironmentProblem, Refusal


class Cache(StrEnum):
    """How long a web server may tell clients and proxies to keep a file."""

    IMMUTABLE = "immutable"
    """Its name holds a version or a hash: the bytes under it never change."""

    REVALIDATE = "revalidate"
    """Its bytes change under the same name: always ask again."""


class StoreFailed(EnvironmentProblem):
    """The store could not do it, or did it and could not say so."""

    hint = "mend the store and run the command again: it continues where it stopped"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name


class NoSpace(StoreFailed):
    """The store is full."""

    hint = "make room in the store and run the command again: it continues where it stopped"


class ReadOnlyStore(StoreFailed):
    """We may not write there."""

    hint = "give this user or token the right to write to the store"


class NotThere(StoreFailed):
    """The store itself is missing. It is never created silently: a disk may not be mounted."""

    hint = "create the folder or bucket, or mount the disk, and run the command again"


class NoSuchObject(EnvironmentProblem):
    """The store has no file of this name."""

    hint = "publish again: what is missing is uploaded"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not in the store")
        self.name = name


class UnsafeName(Refusal):
    """The name could mean a file outside the store."""

    hint = "rename the role or artifact: no empty part, no '.' or '..', no control character"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} cannot be published under this name")


class Store(Protocol):
    """A place that clients read published files from.

    Every method raises `UnsafeName` for what `safe_name` refuses, `NotThere` if the store itself
    is missing, and `StoreFailed` for any other failure. After a failed `put` the caller cannot
    know whether it took effect, and may repeat it.
    """

    def put(self, name: str, data: bytes, *, media_type: str, cache: Cache) -> None:
        """Store `data` under `name`, in place of what was there.

        Readers see the old bytes or the new ones, never a part. When it returns, readers see the
        new ones, and so they see all that was put before. Raise `NoSpace` or `ReadOnlyStore`
        where that is the reason.
        """
        ...

    def get(self, name: str) -> bytes:
        """Return the bytes stored last under `name`; raise `NoSuchObject` if there are none."""
        ...


def safe_name(name: str) -> str:
    """Return `name`; raise `UnsafeName` if it is not a plain relative path with "/"."""
    odd_part = not _NO_NAMES.isdisjoint(name.split("/"))
    if odd_part or "\\" in name or not name.isprintable():
        raise UnsafeName(name)
    return name


_NO_NAMES: Final = frozenset({"", ".", ".."})
