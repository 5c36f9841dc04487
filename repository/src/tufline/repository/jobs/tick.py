"""Job: everything that is due, in order. What the timer and the post-receive hook of a server run.

It asks no one what happened. Each step compares what should be with what is; a step that fails
is reported as a problem and does not stop the others: a broken event never stops the timestamp.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from tufline.repository.errors import TuflineError
from tufline.repository.forge import Forge
from tufline.repository.format import is_signer_uri
from tufline.repository.jobs._events import EVENT_PREFIX, MAIN, PUBLISH
from tufline.repository.jobs.create_signing_events import create_signing_events
from tufline.repository.jobs.place import Place
from tufline.repository.jobs.publishing import NowhereToPublish, publish
from tufline.repository.jobs.signing_event import Outcome, signing_event
from tufline.repository.state import State

_EVENT_STEP = "signing-event "


@dataclass(frozen=True, kw_only=True, slots=True)
class OnlineSigning:
    """How a tick signs online. The keys are another part's, which this one does not import.

    Attributes:
        publish: sign snapshot and timestamp; raises `TuflineError` also where main is refused.
        event: sign the online-signed roles of an event; returns those that it signed.
    """

    publish: Callable[[Place], str]
    event: Callable[[Place, str], tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step of a tick: what it did, or the problem it met."""

    job: str
    said: str | None
    problem: str | None = None


def tick(place: Place, online: OnlineSigning | None) -> Iterator[Step]:
    """Do what is due, yielding each step as it is done. Without keys nothing is signed online.

    Clients come first: a thousand open events must not make a timestamp late.
    """
    place.history.refresh()
    yield from _to_clients(place, online)  # without main, too
    if MAIN not in place.history.branches(MAIN):
        return
    yield _step(place, "create-signing-events", partial(_create, place))
    main = place.history.resolve(MAIN)
    yield from _events(place, online)
    if place.history.resolve(MAIN) != main:  # an event was merged: the others now change a new main
        yield from _to_clients(place, online)
        yield from _events(place, online)


def _to_clients(place: Place, online: OnlineSigning | None) -> Iterator[Step]:
    published = PUBLISH in place.history.branches(PUBLISH)
    if online is not None and (published or _has_root(place)):
        yield _step(place, "online-sign", partial(online.publish, place))
    if PUBLISH in place.history.branches(PUBLISH):
        yield _step(place, "publish", partial(_publish, place))


def _events(place: Place, online: OnlineSigning | None) -> Iterator[Step]:
    """Bring up to date each event that is open, and each that is shown but over."""
    problems = place.forge.problems()
    failed = (job.removeprefix(_EVENT_STEP) for job in problems if job.startswith(_EVENT_STEP))
    names = (*place.history.branches(EVENT_PREFIX), *place.forge.statuses(), *failed)
    for name in dict.fromkeys(names):
        yield _step(place, f"{_EVENT_STEP}{name}", partial(_event, place, name, online))


def _event(place: Place, name: str, online: OnlineSigning | None) -> str:
    outcome = signing_event(place, name)
    if online is not None and _waits_for_online_key(outcome) and online.event(place, name):
        outcome = signing_event(place, name)
    if outcome.merged:
        return "merged"
    return outcome.status.verdict if outcome.status else "over"


def _waits_for_online_key(outcome: Outcome) -> bool:
    """Whether a role of the event lacks the signature of an online key (named by its URI)."""
    if outcome.status is None or outcome.review is None or outcome.review.errors:
        return False
    missing = (role.missing for role in outcome.review.roles)
    return any(is_signer_uri(name) for names in missing for name in names)


def _create(place: Place) -> str:
    renewals = create_signing_events(place)
    opened = ", ".join(each.event for each in renewals.opened)
    return f"opened {opened}" if opened else "no role is due"


def _publish(place: Place) -> str:
    try:
        done = publish(place.history, now=place.now, open_store=place.open_store)
    except NowhereToPublish:
        return "no place to publish to is set"
    return f"published {done.commit[:12]}, {done.production.written} files"


def _has_root(place: Place) -> bool:
    main = place.history.branches(MAIN).get(MAIN)
    return main is not None and State(place.history.files(main)).root() is not None


def _step(place: Place, job: str, act: Callable[[], str]) -> Step:
    """Run one step; open or close its problem."""
    said, problem = None, None
    try:
        said = act()
    except TuflineError as error:
        problem = f"{error}; {error.hint}" if error.hint else str(error)
    except OSError as error:
        problem = str(error)
    except Exception as error:  # noqa: BLE001 - a defect met in one event must not stop the others
        problem = f"unexpected {type(error).__name__}: {error}"
    try:
        _report(place.forge, job, problem)
    except TuflineError as error:  # what clients need must be done though nobody can be told
        problem = f"{problem}; {error}" if problem else str(error)
    return Step(job=job, said=said, problem=problem)


def _report(forge: Forge, job: str, problem: str | None) -> None:
    if problem is None:
        forge.close_problem(job)
    else:
        forge.open_problem(job, problem)
