"""Job: everything that is due, in order. What the timer and the post-receive hook of a server run.

It asks no one what happened. Each step compares what should be with what is; a step that fails
is reported as a problem and does not stop the others: a broken event never stops the timestamp.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from tufline.repository.errors import TuflineError
from tufline.repository.jobs._events import MAIN, PUBLISH
from tufline.repository.jobs._roots import is_started
from tufline.repository.jobs._steps import Step, run_step
from tufline.repository.jobs.create_signing_events import create_signing_events
from tufline.repository.jobs.place import Place
from tufline.repository.jobs.publishing import CachesNotTold, NowhereToPublish, publish
from tufline.repository.jobs.record import record
from tufline.repository.jobs.signing_events import Pass, SignOnline

__all__ = ["OnlineSigning", "Step", "run_step", "tick"]

_PUBLISH: Final = "publish"


@dataclass(frozen=True, kw_only=True, slots=True)
class OnlineSigning:
    """How a tick signs online. The keys are another part's, which this one does not import.

    Attributes:
        publish: sign snapshot and timestamp; raises `TuflineError` also where main is refused.
        event: sign the online-signed roles of an event; returns those that it signed.
    """

    publish: Callable[[Place], str]
    event: SignOnline


def tick(place: Place, online: OnlineSigning | None) -> Iterator[Step]:
    """Do what is due, yielding each step as it is done. Without keys nothing is signed online.

    Clients come first: a thousand open events must not make a timestamp late.
    """
    place.history.refresh()
    yield from _to_clients(place, online)  # without main, too
    if MAIN not in place.history.branches(MAIN):
        return
    yield run_step(place, "create-signing-events", partial(_create, place))
    main = place.history.resolve(MAIN)
    yield from _events(place, online)
    if place.history.resolve(MAIN) != main:  # an event was merged: the others now change a new main
        yield from _to_clients(place, online)
        yield from _events(place, online)
    yield run_step(place, "record", partial(_record, place))


def _to_clients(place: Place, online: OnlineSigning | None) -> Iterator[Step]:
    if online is not None and is_started(place.history):
        yield run_step(place, "online-sign", partial(online.publish, place))
    if PUBLISH in place.history.branches(PUBLISH):
        yield run_step(place, _PUBLISH, partial(_publish, place))


def _events(place: Place, online: OnlineSigning | None) -> Iterator[Step]:
    return Pass(place, sign_online=online.event if online else None).steps()


def _create(place: Place) -> str:
    renewals = create_signing_events(place)
    opened = ", ".join(each.event for each in renewals.opened)
    return f"opened {opened}" if opened else "no role is due"


def _record(place: Place) -> str:
    made = record(place)
    return f"recorded {', '.join(each[:12] for each in made)}" if made else "nothing is new"


def _publish(place: Place) -> str:
    try:
        done = publish(
            place.history,
            now=place.now,
            open_store=place.open_store,
            verifiers=place.verifiers,
            tell_caches=partial(_has_failed, place),
        )
    except NowhereToPublish:
        return "no place to publish to is set"
    if done.not_purged:
        raise CachesNotTold(done.not_purged)
    if not done.acted:
        return f"{done.commit[:12]} is published already"
    return f"published {done.commit[:12]}, {done.production.written} files"


def _has_failed(place: Place) -> bool:
    """Whether the last publication failed, perhaps at the caches. Who cannot tell says so too."""
    try:
        return _PUBLISH in place.forge.problems()
    except TuflineError:
        return True
