"""The events that wait for a person, in a few words each: to choose from, never to judge by."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from tufline.repository.changes import changes_between
from tufline.repository.format import Document, Owner, RoleName
from tufline.repository.history import History
from tufline.repository.jobs import Event
from tufline.repository.report import gist
from tufline.repository.review import Waiting
from tufline.signer._asked import Asked

_MOST_COMMITS: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Ends:
    """A role whose version on main, which the event replaces, ends at a time (UTC)."""

    role: RoleName
    version: int
    when: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingEvent:
    """An event that asks something of a person.

    Attributes:
        changes: lines of plain text, with what others wrote spelled out.
        since: when the first commit was made, as it says itself; None for none.
        until: what ends first of what is replaced.
        others: who else has to act.
    """

    name: str
    asked: Asked
    changes: tuple[str, ...]
    since: datetime | None
    until: Ends | None
    others: tuple[str, ...]


def waiting_event(person: Owner, event: Event, asked: Asked, history: History) -> WaitingEvent:
    """Return what can be said of an event in a few words."""
    verdict = asked.review.verdict
    missing = verdict.missing if isinstance(verdict, Waiting) else frozenset()
    return WaitingEvent(
        name=event.name,
        asked=asked,
        changes=gist(changes_between(event.known_good, event.proposed)),
        since=_since(event, history),
        until=_until(event, asked),
        others=tuple(sorted(missing - {person})),
    )


def _since(event: Event, history: History) -> datetime | None:
    since = None
    for commit in islice(history.first_parents(event.head), _MOST_COMMITS):
        if history.contains(event.main, commit.id):
            break
        since = commit.when
    return since


def _until(event: Event, asked: Asked) -> Ends | None:
    roles = (*(each.role for each in asked.unsigned), *asked.invited, *asked.later)
    known = ((role, event.known_good.role(role)) for role in roles)
    ends = (
        Ends(role=role, version=loaded.signed.version, when=loaded.signed.expires)
        for role, loaded in known
        if isinstance(loaded, Document)
    )
    return min(ends, key=lambda each: each.when, default=None)
