"""The port to what looks at an event beside review, and takes too long or too much to be in it."""

from datetime import datetime
from typing import Protocol

from tufline.repository.forge import EventCheck, Task
from tufline.repository.jobs._events import Event
from tufline.repository.review import Review


class Checker(Protocol):
    """Checks sound events. People are asked to sign only what did not fail."""

    @property
    def name(self) -> str:
        """The name of its `EventCheck`."""
        ...

    @property
    def task(self) -> Task | None:
        """The job that can check where this one cannot; None: only this one can."""
        ...

    def content(self, event: Event, found: Review) -> str | None:
        """Return a digest of all that it would look at; None where there is nothing to check.

        Signatures are not part of it: they come after. Equal digests mean an equal answer.
        """
        ...

    def check(self, event: Event, found: Review, *, now: datetime) -> EventCheck | None:
        """Check the event now; return None where that cannot be done in this job.

        Never raises for what the event holds: that is an answer.
        """
        ...
