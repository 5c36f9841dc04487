"""Job: watch over the other jobs and over what is deployed, and tell people of what changed.

A workflow has a problem if its newest run failed, or if it did not run for too long. What is
deployed has one if clients cannot update from it, now or some days ahead. Roles that end soon are
one, the louder the less is left; their signers are reminded where they were asked first. The
workflow that runs this job is not judged: that it runs at all is what the heartbeat is for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from tufline.repository.forge import Task, WorkflowRun, Workflows
from tufline.repository.jobs._endings import is_to_be_reminded, ladder_of, notices
from tufline.repository.jobs._events import MAIN, PUBLISH
from tufline.repository.jobs.check import Checked, check
from tufline.repository.jobs.place import Place
from tufline.repository.jobs.publishing import NowhereToPublish, is_behind, publish_head
from tufline.repository.jobs.status import repository_facts
from tufline.repository.notify import Kind, Notice, NotSent, Severity, Sink, report_problems
from tufline.repository.settings import read_settings
from tufline.repository.state import State
from tufline.repository.status import endings

DEPLOYED: Final = "published-repository"
"""The key of the problem that clients cannot update."""

EVERY: Final[Mapping[str, timedelta]] = MappingProxyType(
    {
        "create-signing-events": timedelta(days=1),
        "online-sign": timedelta(hours=6),
        "publish": timedelta(hours=6),  # each online signing asks for it
    }
)
"""How often the workflows run that nobody has to start, unless `[watch]` says otherwise."""

# Runs of two public repositories that GitHub's cron started were late by up to 283 minutes.
_TOLERANCE: Final = timedelta(hours=5)
_WATCH: Final = "check"
_MOST_REMINDED: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """The problems there are now, and what could not be told of changes."""

    problems: tuple[Notice, ...]
    unsent: tuple[NotSent, ...]


def watch(
    place: Place,
    sinks: Sequence[Sink],
    workflows: Workflows | None,
    *,
    ahead: timedelta,
    every: Mapping[str, timedelta] = EVERY,
) -> Watched:
    """Look at everything, and bring the forge's problems to it. Running it again tells nobody.

    Without workflows only what is deployed is looked at. May raise `ForgeFailed`.
    """
    place.history.refresh()
    found = dict(_of_workflows(place, workflows, every)) if workflows else {}
    found |= _of_deployed(place, ahead)
    found |= _of_roles(place)
    _remind(place)
    return Watched(
        problems=tuple(notice for notice in found.values() if notice is not None),
        unsent=report_problems(place.forge, sinks, found),
    )


def _of_workflows(
    place: Place, workflows: Workflows, every: Mapping[str, timedelta]
) -> Iterator[tuple[str, Notice | None]]:
    """Yield the problem of each workflow that can be judged."""
    runs = {run.workflow: run for run in workflows.latest() if run.workflow != _WATCH}
    # A repository that was never signed online has nothing that could be late.
    due = every if PUBLISH in place.history.branches(PUBLISH) else {}
    for name, run in runs.items():
        late = name in due and place.now - run.when > due[name] + _TOLERANCE
        yield from _of_run(run, late=late)
    for name in due:
        if name not in runs:
            yield name, _never_ran(name)


def _of_run(run: WorkflowRun, *, late: bool) -> Iterator[tuple[str, Notice | None]]:
    """Yield what the run says: nothing if it was cancelled or skipped, then what is shown stays."""
    if run.succeeded is False:
        yield run.workflow, _failed(run)
    elif late:
        yield run.workflow, _did_not_run(run)
    elif run.succeeded:
        yield run.workflow, None


def _failed(run: WorkflowRun) -> Notice:
    return _problem(
        run.workflow,
        "failed",
        f"it fails since {_time(run.when)} (that run was started by: {run.trigger})",
        "read the log of the run; once its cause is mended, run the workflow again",
        url=run.url,
    )


def _did_not_run(run: WorkflowRun) -> Notice:
    return _problem(
        run.workflow,
        "did not run",
        f"its last run was on {_time(run.when)}",
        "run the workflow by hand, and see whether the forge has disabled it",
        url=run.url,
    )


def _never_ran(name: str) -> Notice:
    return _problem(
        name,
        "did not run",
        "no run of it is known",
        "see that its workflow file is on main, and run the workflow by hand",
    )


def _problem(name: str, what: str, seen: str, then: str, *, url: str | None = None) -> Notice:
    text = f"{seen}\nnext: {then}"
    return Notice(kind=Kind.PROBLEM, key=name, title=f"{name} {what}", text=text, url=url)


def _of_roles(place: Place) -> dict[str, Notice | None]:
    """Return the problems of roles that end soon, as publish has them."""
    if PUBLISH not in place.history.branches(PUBLISH):
        return {}
    head = publish_head(place.history)
    facts = repository_facts(place.history, head, now=place.now)
    ladder = ladder_of(head.settings.watch)
    found = endings(facts.roles, facts.forecasts, ladder=ladder, now=place.now)
    return dict(notices(found, now=place.now))


def _remind(place: Place) -> None:
    """Have those events looked at whose signers are to be reminded."""
    main = place.history.branches(MAIN).get(MAIN)
    if main is None:
        return
    state = State(place.history.files(main))
    ladder = ladder_of(read_settings(state).watch)
    late = [
        name
        for name, status in place.forge.statuses().items()
        if is_to_be_reminded(status, state, ladder, now=place.now)
    ]
    for name in late[:_MOST_REMINDED]:
        place.forge.request(Task.SIGNING_EVENT, name)


def _of_deployed(place: Place, ahead: timedelta) -> dict[str, Notice | None]:
    """Return the problem of what clients get; nothing where nothing is to be published."""
    if PUBLISH not in place.history.branches(PUBLISH):
        return {}
    try:
        # a deployment that failed, or that a cache hides, is closed by publishing once more
        if is_behind(place.history, open_store=place.open_store, verifiers=place.verifiers):
            place.forge.request(Task.PUBLISH)
        found = check(
            place.history,
            now=place.now,
            ahead=ahead,
            open_store=place.open_store,
            verifiers=place.verifiers,
        )
    except NowhereToPublish:
        return {}
    return {DEPLOYED: next(_worst(found, place.now), None)}


def _worst(found: tuple[Checked, ...], now: datetime) -> Iterator[Notice]:
    for each in found:
        if each.problem is not None:
            days = (each.at - now).days
            yield Notice(
                kind=Kind.PROBLEM,
                key=DEPLOYED,
                title=f"clients will fail in {days} days" if days else "clients cannot update",
                text=f"{each.problem}\n{_next_step(days)}",
                severity=Severity.WARNING if days else Severity.CRITICAL,
            )


def _next_step(days: int) -> str:
    if days:
        return "next: see which role expires; sign its event, or mend the online signing"
    return "next: run online-sign, then publish, and read what they say"


def _time(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"
