"""A store in memory that can fail in the worst ways."""

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto

from tufline.repository.publish import (
    Cache,
    Listed,
    NoSuchObject,
    StoreChanged,
    StoreFailed,
    Tag,
    safe_name,
)

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_ONE_AT_A_TIME = threading.RLock()  # of all stores: one of its own could not be copied with a store


class Fault(Enum):
    """What a failing put leaves behind."""

    LOST = auto()
    STORED = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Put:
    """One put that took effect."""

    name: str
    media_type: str
    cache: Cache


class MemoryStore:
    """A store whose `fail_at`-th put or delete (from 1) fails: before it took effect, or after all.

    `files` may be changed from outside, by somebody else as it were. `modified` says when a file
    was put, if not long ago; `time` is when the next one is. With `lists_md5` false a listing tells
    as little as a folder's. The same bytes put again have another tag.
    """

    def __init__(
        self,
        *,
        fail_at: int | None = None,
        fault: Fault = Fault.LOST,
        workers: int = 1,
        lists_md5: bool = True,
    ) -> None:
        self.files: dict[str, bytes] = {}
        self.modified: dict[str, datetime] = {}
        self.time = LONG_AGO
        self.generations: Counter[str] = Counter()
        self.puts: list[Put] = []
        self.gets: list[str] = []
        self.listings = 0
        self._workers = workers
        self._lists_md5 = lists_md5
        self._fail_at = fail_at
        self._fault = fault
        self._asked = 0

    @property
    def workers(self) -> int:
        """Return what it was made with."""
        return self._workers

    def put(
        self, name: str, data: bytes, *, media_type: str, cache: Cache, replaces: Tag | None = None
    ) -> None:
        """Store the bytes, or fail as told."""
        with _ONE_AT_A_TIME:
            if self._tag(name) != replaces:
                raise StoreChanged(name)
            with self._perhaps_failing(name) as takes_effect:
                if takes_effect:
                    self.files[name] = data
                    self.modified[name] = self.time
                    self.generations[name] += 1
                    self.puts.append(Put(name=name, media_type=media_type, cache=cache))

    def get(self, name: str) -> bytes:
        """Return the bytes."""
        with _ONE_AT_A_TIME:
            self.gets.append(name)
            if safe_name(name) not in self.files:
                raise NoSuchObject(name)
            return self.files[name]

    def read(self, name: str) -> tuple[bytes, Tag]:
        """Return the bytes and their tag."""
        with _ONE_AT_A_TIME:
            data = self.get(name)
            return data, self._tag_of(name, data)

    def listing(self) -> Iterator[Listed]:
        """Yield what is there now."""
        with _ONE_AT_A_TIME:
            self.listings += 1
            return iter([self._listed(name, data) for name, data in self.files.items()])

    def delete(self, name: str, tag: Tag) -> None:
        """Delete the file, or fail as told."""
        with _ONE_AT_A_TIME:
            there = self._tag(name)
            if there is None:
                return
            if there != tag:
                raise StoreChanged(name)
            with self._perhaps_failing(name) as takes_effect:
                if takes_effect:
                    del self.files[name]

    def _tag(self, name: str) -> Tag | None:
        return self._tag_of(name, self.files[name]) if safe_name(name) in self.files else None

    def _tag_of(self, name: str, data: bytes) -> Tag:
        return Tag(f"{hashlib.sha256(data).hexdigest()}-{self.generations[name]}")

    def _listed(self, name: str, data: bytes) -> Listed:
        return Listed(
            name=name,
            size=len(data),
            modified=self.modified.get(name, LONG_AGO),
            tag=self._tag_of(name, data),
            md5=hashlib.md5(data, usedforsecurity=False).hexdigest() if self._lists_md5 else None,
        )

    @contextmanager
    def _perhaps_failing(self, name: str) -> Iterator[bool]:
        """Say whether the operation takes effect, and then fail if told to."""
        self._asked += 1
        fails = self._asked == self._fail_at
        yield not (fails and self._fault is Fault.LOST)
        if fails:
            raise StoreFailed(name, "the connection broke")
