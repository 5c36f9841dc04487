"""Which event to sign: those that wait for the person, in a few words each."""

import textwrap
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from tufline.repository.commands import spelled
from tufline.repository.errors import TuflineError
from tufline.repository.jobs import EVENT_PREFIX
from tufline.signer._asked import Asked, asked_of
from tufline.signer._waiting import Ends, WaitingEvent, waiting_event
from tufline.signer.commands._desk import Desk
from tufline.signer.commands._screen import choose, choose_shown, listed, say
from tufline.signer.commands._tables import Cell, Column, Words, on_terminal, shortened, show_table
from tufline.signer.commands._working import working

_COLUMNS: Final = 80
_LABELS: Final = 12  # columns
_TABLE: Final = (Column(""), Column("event", width=24), Column("for you, and what changes"))
_QUESTION: Final = "which one"
_FLAG: Final = "EVENT"


def choose_event(desk: Desk) -> str | None:
    """Return the event that the person chooses among those that wait for them; None if none do."""
    waiting = list(_waiting(desk))
    if not waiting:
        say(f"no signing event waits for {desk.settings.user}")
        return None
    names = [each.name for each in waiting]
    if on_terminal():
        show_table(_TABLE, (_row(*each, desk.now) for each in enumerate(waiting, start=1)))
        say("")
        return names[choose_shown(_QUESTION, len(names), flag=_FLAG)]
    for each in waiting:
        say("\n".join([spelled(each.name), *_described(each, desk.now), ""]))
    return names[choose(_QUESTION, list(map(spelled, names)), flag=_FLAG)]


def _waiting(desk: Desk) -> Iterator[WaitingEvent]:
    """Yield the events that ask something; say which cannot be read: anybody may push a branch."""
    for name in desk.history.branches(EVENT_PREFIX):
        try:
            with working(f"looking at {name}"):
                found = _looked_at(desk, name)
        except TuflineError as error:
            say(f"{spelled(name)} cannot be read: {spelled(str(error))}")
            continue
        if found is not None:
            yield found


def _looked_at(desk: Desk, name: str) -> WaitingEvent | None:
    event = desk.existing(name)
    asked = asked_of(desk.settings.user, event, now=desk.now)
    return None if asked.nothing else waiting_event(desk.settings.user, event, asked, desk.history)


def _row(number: int, event: WaitingEvent, now: datetime) -> tuple[Cell, ...]:
    about = [Words(event.name, "heading")]
    if event.since:
        about.append(Words(f"since {event.since:%Y-%m-%d}"))
    if event.until:
        about.append(Words(f"until {_ending(event.until, now)}", is_spelled=True))
    if event.others:
        about.append(Words(f"waits also for {listed(event.others)}"))
    asked = [Words(_in_words(event.asked), "notice", is_spelled=True)]
    asked += [Words(shortened(each), is_spelled=True) for each in event.changes]
    if event.asked.review.errors:
        asked.append(Words(f"REFUSED: {_refusal(event)}", "error"))
    return (Words(str(number)),), about, asked


def _described(event: WaitingEvent, now: datetime) -> Iterator[str]:
    yield from _entry("for you", _in_words(event.asked))
    for number, change in enumerate(event.changes):
        yield from _entry("" if number else "changes", change)
    if event.since:
        yield from _entry("since", f"{event.since:%Y-%m-%d}")
    if event.until:
        yield from _entry("until", _ending(event.until, now))
    if event.others:
        yield from _entry("waits also", f"for {listed(map(spelled, event.others))}")
    if event.asked.review.errors:
        yield from _entry("REFUSED", _refusal(event))


def _refusal(event: WaitingEvent) -> str:
    errors = len(event.asked.review.errors)
    return f"{errors} error{'s' if errors > 1 else ''}: do not sign it"


def _ending(ends: Ends, now: datetime) -> str:
    verb = "ended" if ends.when <= now else "ends"
    return f"{ends.when:%Y-%m-%d}, when {spelled(ends.role)} version {ends.version} {verb}"


def _in_words(asked: Asked) -> str:
    accept = [f"accept {spelled(role)}" for role in asked.invited]
    sign = [f"sign {spelled(each.role)} version {each.version}" for each in asked.unsigned]
    return listed([*accept, *sign])


def _entry(label: str, text: str) -> list[str]:
    """Return lines that begin below each other, so that no text looks like a label."""
    return textwrap.wrap(
        text,
        width=_COLUMNS,
        initial_indent=f"  {label:<{_LABELS}}",
        subsequent_indent=" " * (2 + _LABELS),
        break_on_hyphens=False,
    )
