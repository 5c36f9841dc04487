"""The port to where published files go, and its errors. Adapters lie beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NewType, Protocol

from tufline.repository.errors import EnvironmentProblem, Race, Refusal
from tufline.repository.publish._cache import Cache

Tag = NewType("Tag", str)
"""Stands for what one `put` left under a name, such as a generation. Only to compare."""


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


class LibraryMissing(StoreFailed):
    """The library that speaks to this kind of store is not installed."""

    def __init__(self, place: str, extra: str) -> None:
        super().__init__(place, f"needs the extra {extra!r} of tufline-repository")
        self.hint = f"install it: pip install 'tufline-repository[{extra}]'"


class NoSuchObject(EnvironmentProblem):
    """The store has no file of this name."""

    hint = "publish again: what is missing is uploaded"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not in the store")
        self.name = name


class StoreChanged(Race):
    """The store does not hold what it was seen to hold: somebody else publishes, too."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} was published by somebody else meanwhile")
        self.name = name


class UnsafeName(Refusal):
    """The name could mean a file outside the store."""

    hint = "rename the role or artifact: no empty part, no '.' or '..', no control character"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} cannot be published under this name")


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """One file that a store holds.

    Attributes:
        name: the name that it was put under.
        size: its length in bytes.
        modified: when it was put, by the store's clock.
        tag: stands for what is there; `delete` takes it. It may be another than that of `read`.
        md5: the MD5 of its content (hex), where the store knows that. Two files with the same one
            are taken for the same: whoever can write other files with it needs no collision.
    """

    name: str
    size: int
    modified: datetime
    tag: Tag
    md5: str | None = None


class Store(Protocol):
    """A place that clients read published files from.

    Every method raises `UnsafeName` for what `safe_name` refuses, `NotThere` if the store itself
    is missing, `LibraryMissing`, and `StoreFailed` for any other failure. After a failed `put` or
    `delete` the caller cannot know whether it took effect, and may repeat it.

    What one call stored, every later call of anybody sees.
    """

    @property
    def workers(self) -> int:
        """How many calls at once are worth while. Methods may be called from as many threads."""
        ...

    def put(
        self, name: str, data: bytes, *, media_type: str, cache: Cache, replaces: Tag | None = None
    ) -> None:
        """Store `data` under `name`, where nothing is, or in place of exactly what is named.

        Readers see the old bytes or the new ones, never a part. When it returns, readers see the
        new ones, and so they see all that was put before. Raise `NoSpace` or `ReadOnlyStore`
        where that is the reason.

        Args:
            name: where to.
            data: what.
            media_type: what a web server says that it is.
            cache: how long it may be kept by those who got it.
            replaces: the tag of what it may replace; None: nothing may be there.

        Raises:
            StoreChanged: something else is there, be it the same bytes, or nothing any more.
                Nothing was stored; but an earlier try of this very call may have been.
        """
        ...

    def get(self, name: str) -> bytes:
        """Return the bytes stored last under `name`; raise `NoSuchObject` if there are none."""
        ...

    def read(self, name: str) -> tuple[bytes, Tag]:
        """Return the bytes as `get` does, and the tag that stands for exactly them."""
        ...

    def listing(self) -> Iterator[Listed]:
        """Yield all that is there, in any order. Its cost grows with what is there."""
        ...

    def delete(self, name: str, tag: Tag) -> None:
        """Delete what has this tag. Raise `StoreChanged` if something else is there.

        Something else is also the same bytes, put again since. Amazon S3 cannot look at that and
        delete in one step: there it is told apart by the second, and looked at just before.
        Where nothing is there, nothing is done.
        """
        ...


def safe_name(name: str) -> str:
    """Return `name`; raise `UnsafeName` if it is not a plain relative path with "/"."""
    odd_part = not _NO_NAMES.isdisjoint(name.split("/"))
    if odd_part or "\\" in name or not name.isprintable():
        raise UnsafeName(name)
    return name


_NO_NAMES: Final = frozenset({"", ".", ".."})
