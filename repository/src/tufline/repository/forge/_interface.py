"""The port to where people work together on a change: a forge, or a plain git server.

Statuses are told, not derived: the forge shows them and never decides by them. Every operation is
idempotent, and a job that was killed simply tells again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tufline.repository.errors import EnvironmentProblem
from tufline.repository.history import Commit


class ForgeFailed(EnvironmentProblem):
    """The forge did not do, or did not say that it did, what was asked."""

    hint = "run the job again; it goes on where it stopped"


class Act(StrEnum):
    """What somebody must do for an event."""

    ACCEPT = "accept"
    SIGN = "sign"
    SIGN_SOON = "sign-soon"
    SIGN_AGAIN = "sign-again"
    MERGE = "merge"
    MEND = "mend"
    WAIT = "wait"

    @property
    def by_signing(self) -> bool:
        """Whether `tufline sign` does it."""
        return self in {Act.ACCEPT, Act.SIGN, Act.SIGN_SOON, Act.SIGN_AGAIN}


@dataclass(frozen=True, order=True, kw_only=True, slots=True)
class Ask:
    """That somebody must act.

    Attributes:
        who: "@name"; "" means whoever proposed the event.
        role: the role that it is about; "" means the event as a whole.
    """

    act: Act
    who: str = ""
    role: str = ""


class CheckVerdict(StrEnum):
    """What a check says of an event."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    """It could not be done, and nothing speaks against the event."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EventCheck:
    """What was found of an event by something else than review, such as by real clients.

    Attributes:
        name: what checked: "clients", "online-keys", "validators".
        content: a digest (hex) of all that the check looked at. It counts while that stays equal.
        summary: one line of plain text.
        text: more of it, in Markdown that is safe to show; may be empty.
    """

    name: str
    content: str
    verdict: CheckVerdict
    summary: str
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EventStatus:
    """What is shown of a signing event.

    Attributes:
        main, head: the commits that were judged; when either moves, the status is out of date.
        verdict: "ready", "waiting", "refused" or "unchanged".
        summary: one line of plain text.
        text: the report, in Markdown that is safe to show.
        asks: who must act now. Who was not asked before is told.
        signed: by whom each role is signed, as (role, "@name").
        stale: whether the event can never be merged as it is, since main changed the same.
        checks: what was found beside the review, each of what the event held then.
        wanted: the names of the checks that it waits for.
    """

    event: str
    main: Commit
    head: Commit
    verdict: str
    summary: str
    text: str
    asks: tuple[Ask, ...] = ()
    signed: tuple[tuple[str, str], ...] = ()
    stale: bool = False
    checks: tuple[EventCheck, ...] = ()
    wanted: tuple[str, ...] = ()


class Task(StrEnum):
    """A job that another job can ask for."""

    SIGNING_EVENT = "signing-event"
    ONLINE_SIGN = "online-sign"
    PUBLISH = "publish"


@dataclass(frozen=True, kw_only=True, slots=True)
class Contribution:
    """What somebody offers to be merged into a branch, such as by a pull request from a fork.

    Attributes:
        number: how the forge names it.
        ref: where its commit can be fetched from the pull remote, "refs/pull/7/head".
        head: the commit.
        who: the login of whoever offers it; a claim of the forge.
    """

    number: int
    ref: str
    head: Commit
    who: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposalFacts:
    """What the forge knows of an event that was merged. All of it is a claim of the forge.

    Attributes:
        url: where people talked about it; None where there is no such place.
        title, text: as people wrote them.
        opened, merged: when; None where the forge does not know.
        merged_by: the login of who pressed the button; None where the forge does not know.
    """

    url: str | None = None
    title: str | None = None
    text: str | None = None
    opened: datetime | None = None
    merged: datetime | None = None
    merged_by: str | None = None


class Forge(Protocol):
    """What jobs tell people, and ask of the forge. Any operation may raise `ForgeFailed`."""

    def statuses(self) -> Mapping[str, EventStatus]:
        """Return what is shown now, by event. A long text may have been shortened."""
        ...

    def show(self, status: EventStatus) -> None:
        """Show the status in place of what was shown of that event.

        Whoever is in `asks`, and is not in what was shown before, is told; nobody is told twice.
        """
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

    def merge(self, event: str, *, head: Commit, message: str) -> Commit | None:
        """Let the forge merge the event into main; return main's commit that does it.

        None where this forge merges nothing: then whoever may push merges. Return the same commit
        again if it is merged already. Raise `Moved` if the event is not at `head` any more,
        and `MergeRefused` if the forge's own rules forbid it.
        """
        ...

    def contributions(self, event: str) -> tuple[Contribution, ...]:
        """Return what is offered to an event and not answered yet, oldest first."""
        ...

    def decline(self, contribution: Contribution, reason: str) -> None:
        """Say, once for each of its heads, why it was not taken. `reason` is Markdown, safe."""
        ...

    def others(self) -> tuple[Contribution, ...]:
        """Return what is offered to main and is no signing event, newest first, 100 at most.

        That is whatever is not a `sign/*` branch of this repository: what a fork calls its branch
        makes no event of it.
        """
        ...

    def clear(self, proposal: Contribution, *, allowed: bool, summary: str) -> None:
        """Show whether one of `others` may be merged, in place of an event's status.

        Says nothing where the same is shown of its head already. `summary` is one line of text.
        """
        ...

    def request(self, task: Task, event: str | None = None) -> None:
        """Have a job run soon, for one event where it is about one.

        Does nothing where jobs run anyway, such as on a server whose tick does all that is due.
        """
        ...

    def facts(self, merge: Commit) -> ProposalFacts:
        """Return what the forge knows of the event that a commit on main merged."""
        ...


class MergeRefused(EnvironmentProblem):
    """The forge's own rules do not let the event be merged."""

    hint = "look at the branch protection of main: what does it ask for that the event lacks?"

    def __init__(self, event: str, reason: str) -> None:
        super().__init__(f"the forge does not merge {event}: {reason}")
