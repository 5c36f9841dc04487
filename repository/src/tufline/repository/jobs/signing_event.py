"""Job: bring one signing event up to date, and show where it stands.

Runs whenever a `sign/*` branch or main moves. It commits to the event's branch only, and only what
review accepts.
"""

from dataclasses import dataclass

from tufline.repository.changes import changes_between
from tufline.repository.errors import UserError
from tufline.repository.forge import EventStatus
from tufline.repository.history import NoSuchRef
from tufline.repository.jobs._events import Event, load_event
from tufline.repository.jobs._propose import Proposal, commit_proposal
from tufline.repository.jobs._settle import next_step
from tufline.repository.jobs.merge import merge
from tufline.repository.jobs.place import Place
from tufline.repository.report import headline, markdown
from tufline.repository.review import Ready, Refused, Review

_MOST_STEPS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """Where the event stands: its status as shown; None if it is over."""

    event: str
    status: EventStatus | None
    review: Review | None
    merged: bool = False


def signing_event(place: Place, name: str) -> Outcome:
    """Do what the event needs now, then show its status. Running it again changes nothing.

    Raises `UserError` where metadata cannot be made to follow; the status is shown all the same.
    """
    place.history.refresh()
    try:
        event = load_event(place.history, name)
    except NoSuchRef:
        return _over(place, name)
    if place.history.contains(event.main, event.head) and event.main != event.head:
        return _over(place, name)
    event, review, failure = _settle(place, event)
    status = _status(event, review)
    if place.forge.statuses().get(name) != status:
        place.forge.show(status)
    if failure is not None:
        raise failure
    if isinstance(review.verdict, Ready) and event.settings.merge.at_threshold:
        merge(place, name)
        return Outcome(event=name, status=None, review=review, merged=True)
    return Outcome(event=name, status=status, review=review)


def _settle(place: Place, event: Event) -> tuple[Event, Review, UserError | None]:
    """Commit what the pipeline has to; return the event after that, its review, what failed."""
    found = event.review(now=place.now)
    for _ in range(_MOST_STEPS):
        try:
            step = next_step(event, found, now=place.now)
        except UserError as failure:
            return event, found, failure
        if step is None:
            break
        if isinstance(step.review.verdict, Refused):
            return event, step.review, None
        event = _commit(place, step)
        found = event.review(now=place.now)
    return event, found, None


def _commit(place: Place, step: Proposal) -> Event:
    author = step.event.settings.committer
    commit_proposal(place.history, step, author=author, now=place.now)
    return load_event(place.history, step.event.name)


def _over(place: Place, name: str) -> Outcome:
    place.forge.forget(name)
    return Outcome(event=name, status=None, review=None)


def _status(event: Event, review: Review) -> EventStatus:
    return EventStatus(
        event=event.name,
        main=event.main,
        head=event.head,
        verdict=review.verdict.word,
        summary=headline(review.verdict),
        text=markdown(review, changes_between(event.known_good, event.proposed)),
    )
