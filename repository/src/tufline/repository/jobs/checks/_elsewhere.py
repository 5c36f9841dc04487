"""A check that another job makes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tufline.repository.forge import EventCheck, Task
from tufline.repository.jobs._events import Event
from tufline.repository.review import Review


@dataclass(frozen=True, kw_only=True, slots=True)
class Elsewhere:
    """A check in a job that holds what it must not get at, or lacks what it needs (`Checker`).

    `digest` returns that of all that is looked at; None where there is nothing to check.
    """

    name: str
    task: Task
    digest: Callable[[Event], str | None]

    def content(self, event: Event, found: Review) -> str | None:
        """Return what `digest` does."""
        del found
        return self.digest(event)

    def check(self, event: Event, found: Review, *, now: datetime) -> EventCheck | None:
        """Leave it to the job of `task`."""
        del event, found, now
        return None
