"""A store in memory that can fail in the worst ways."""

from dataclasses import dataclass
from enum import Enum, auto

from tufline.repository.publish import Cache, NoSuchObject, StoreFailed, safe_name


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
    """A store whose `fail_at`-th put (from 1) fails: before it took effect, or after all."""

    def __init__(self, *, fail_at: int | None = None, fault: Fault = Fault.LOST) -> None:
        self.files: dict[str, bytes] = {}
        self.puts: list[Put] = []
        self.gets: list[str] = []
        self._fail_at = fail_at
        self._fault = fault
        self._asked = 0

    def put(self, name: str, data: bytes, *, media_type: str, cache: Cache) -> None:
        """Store the bytes, or fail as told."""
        self._asked += 1
        fails = self._asked == self._fail_at
        if not (fails and self._fault is Fault.LOST):
            self.files[safe_name(name)] = data
            self.puts.append(Put(name=name, media_type=media_type, cache=cache))
        if fails:
            raise StoreFailed(name, "the connection broke")

    def get(self, name: str) -> bytes:
        """Return the bytes."""
        self.gets.append(name)
        if safe_name(name) not in self.files:
            raise NoSuchObject(name)
        return self.files[name]
