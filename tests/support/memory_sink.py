"""A sink that is held in memory, and that can fail."""

from dataclasses import dataclass, field

from tufline.repository.notify import Notice


@dataclass
class MemorySink:
    """A `Sink` that keeps what it is told, or raises `error` in place of it."""

    name: str = "memory"
    error: Exception | None = None
    told: list[Notice] = field(default_factory=list)

    def send(self, notice: Notice) -> None:
        if self.error is not None:
            raise self.error
        self.told.append(notice)
