"""Which signing events are open, and whom they wait for."""

from dataclasses import dataclass
from datetime import datetime

from tufline.repository.errors import TuflineError
from tufline.repository.history import History
from tufline.repository.jobs._events import EVENT_PREFIX, load_event
from tufline.repository.review import Review, Waiting


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenEvent:
    """One open event. `waits_for` names people by `@name`, online keys by their URI."""

    name: str
    verdict: str
    roles: tuple[str, ...]
    waits_for: tuple[str, ...]


def open_events(history: History, *, now: datetime) -> tuple[OpenEvent, ...]:
    """Return the open events by name. An event that cannot be read says so as its verdict."""
    return tuple(_open_event(history, name, now) for name in history.branches(EVENT_PREFIX))


def _open_event(history: History, name: str, now: datetime) -> OpenEvent:
    try:
        found = load_event(history, name).review(now=now)
    except TuflineError as error:  # anybody may push a branch, one with damaged trees too
        return OpenEvent(name=name, verdict=f"unreadable: {error}", roles=(), waits_for=())
    return OpenEvent(
        name=name,
        verdict=found.verdict.word,
        roles=tuple(role.name for role in found.roles),
        waits_for=_awaited(found),
    )


def _awaited(found: Review) -> tuple[str, ...]:
    verdict = found.verdict
    return tuple(sorted(verdict.missing)) if isinstance(verdict, Waiting) else ()
