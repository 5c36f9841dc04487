"""Which signing events are open, and whom they wait for."""

from dataclasses import dataclass
from datetime import datetime

from tufline.repository.errors import TuflineError
from tufline.repository.history import History
from tufline.repository.jobs._events import EVENT_PREFIX, load_event
from tufline.repository.review import Review, VerifierFor, Waiting, keys_alone


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenEvent:
    """One open event. `waits_for` names people by `@name`, online keys by their URI."""

    name: str
    verdict: str
    roles: tuple[str, ...]
    waits_for: tuple[str, ...]


def open_events(
    history: History, *, now: datetime, verifiers: VerifierFor = keys_alone
) -> tuple[OpenEvent, ...]:
    """Return the open events by name. An event that cannot be read says so as its verdict."""
    names = history.branches(EVENT_PREFIX)
    return tuple(_open_event(history, name, now, verifiers) for name in names)


def _open_event(history: History, name: str, now: datetime, verifiers: VerifierFor) -> OpenEvent:
    try:
        found = load_event(history, name, verifiers=verifiers).review(now=now)
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
