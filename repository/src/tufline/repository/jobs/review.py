"""Answering `tufline review`: any two revisions of any clone, or one whole state."""

from dataclasses import dataclass
from datetime import datetime

from tufline.repository.history import Commit, History
from tufline.repository.jobs._events import Event, event_between
from tufline.repository.review import Purpose, Review, VerifierFor, keys_alone, review
from tufline.repository.settings import read_settings
from tufline.repository.state import MemoryFiles, State


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A review with what it was of."""

    base: Commit | None
    event: Commit
    known_good: State
    proposed: State
    review: Review


def answer(
    history: History,
    *,
    base: str | None,
    event: str,
    now: datetime,
    verifiers: VerifierFor = keys_alone,
) -> Answer:
    """Judge merging `event` into `base`, or without a base all of `event`, as main would be."""
    if base is None:
        return _whole(history, history.resolve(event), now, verifiers)
    known_good, head = history.resolve(base), history.resolve(event)
    found = event_between(history, known_good, head, name=event, verifiers=verifiers)
    return answer_event(found, now=now)


def answer_event(event: Event, *, now: datetime) -> Answer:
    """Judge an event that is read already."""
    return Answer(
        base=event.main,
        event=event.head,
        known_good=event.known_good,
        proposed=event.proposed,
        review=event.review(now=now),
    )


def _whole(history: History, commit: Commit, now: datetime, verifiers: VerifierFor) -> Answer:
    state = State(history.files(commit))
    found = review(
        None,
        state,
        now=now,
        purpose=Purpose.ACCEPTED,
        policy=read_settings(state).policy,
        verifier=verifiers(state),  # by its own trust, as online signing judges main
    )
    nothing = State(MemoryFiles({}))
    return Answer(base=None, event=commit, known_good=nothing, proposed=state, review=found)
