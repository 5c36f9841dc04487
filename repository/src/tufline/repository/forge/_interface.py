"""The port to where people work together on a change: a forge, or a plain git server.

Statuses are told, not derived: the forge shows them and never decides by them. Every operation is
idempotent, and a job that was killed simply tells again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from tufline.repository.errors import EnvironmentProblem
from tufline.repository.history import Commit


class ForgeFailed(EnvironmentProblem):
    """The forge did not do, or did not say that it did, what was asked."""

    hint = "run the job again; it goes on where it stopped"


@dataclass(frozen=True, kw_only=True, slots=True)
class EventStatus:
    """What is shown of a signing event.

    Attributes:
        main, head: the commits that were judged; when either moves, the status is out of date.
        verdict: "ready", "waiting", "refused" or "unchanged".
        text: the report, in Markdown.
    """

    event: str
    main: Commit
    head: Commit
    verdict: str
    text: str


class Forge(Protocol):
    """What jobs tell people. Any operation may raise `ForgeFailed`."""

    def statuses(self) -> Mapping[str, EventStatus]:
        """Return what is shown now, by event."""
        ...

    def show(self, status: EventStatus) -> None:
        """Show the status in place of what was shown of that event."""
        ...

    def forget(self, event: str) -> None:
        """Stop showing an event that is over; do nothing if it is not shown."""
        ...

    def problems(self) -> Mapping[str, str]:
        """Return the open problems: the text by job."""
        ...

    def open_problem(self, job: str, text: str) -> None:
        """Report that a job failed; one problem per job, with the latest text."""
        ...

    def close_problem(self, job: str) -> None:
        """Report that the job works; do nothing if it has no open problem."""
        ...
