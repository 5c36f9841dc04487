"""Roles that end soon: who is reminded, and who is woken."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from tufline.repository.forge import Act, EventStatus
from tufline.repository.format import (
    Document,
    InvalidPeriod,
    RoleName,
    periods_holder,
    role_periods,
)
from tufline.repository.notify import Kind, Notice, Severity, WatchSettings
from tufline.repository.state import State
from tufline.repository.status import Ending, Ladder, Rung

_KEYS: Final = {Rung.WARN: "roles-end-soon", Rung.PAGE: "roles-end-now"}
_SEVERITIES: Final = {Rung.WARN: Severity.WARNING, Rung.PAGE: Severity.CRITICAL}
_MOST_NAMED: Final = 3
_MOST_LINES: Final = 50


def ladder_of(settings: WatchSettings) -> Ladder:
    """Return the ladder that the settings state."""
    return Ladder(
        remind=_days(settings.remind), warn=_days(settings.warn), page=_days(settings.page)
    )


def urgent_roles(
    known_good: State, roles: Iterable[str], ladder: Ladder, *, now: datetime
) -> frozenset[str]:
    """Return those of `roles` whose signers are to be reminded: what main has of them ends soon."""
    return frozenset(each for each in roles if _is_urgent(known_good, RoleName(each), ladder, now))


def is_to_be_reminded(
    status: EventStatus, known_good: State, ladder: Ladder, *, now: datetime
) -> bool:
    """Whether an event asks somebody to sign a role who has to be reminded, and was not yet."""
    asked = {ask.role for ask in status.asks if ask.act is Act.SIGN}
    return bool(urgent_roles(known_good, asked, ladder, now=now))


def notices(endings: Iterable[Ending], *, now: datetime) -> Iterator[tuple[str, Notice | None]]:
    """Yield the problem of each rung that people are told of; None where there is none."""
    found = tuple(endings)
    for rung, key in _KEYS.items():
        of_rung = sorted(
            (each for each in found if each.rung is rung), key=lambda each: each.role.expires
        )
        yield key, _notice(rung, of_rung, now) if of_rung else None


def _notice(rung: Rung, endings: list[Ending], now: datetime) -> Notice:
    return Notice(
        kind=Kind.PROBLEM,
        key=_KEYS[rung],
        title=_title(endings, now),
        text="\n".join((*map(_line, endings[:_MOST_LINES]), _next_step(endings))),
        severity=_SEVERITIES[rung],
    )


def _title(endings: list[Ending], now: datetime) -> str:
    """Return which roles end and when the first does: the same until another one joins them."""
    named = ", ".join(each.role.name for each in endings[:_MOST_NAMED])
    others = len(endings) - _MOST_NAMED
    rest = f" and {others} more" if others > 0 else ""
    first = endings[0].role.expires
    what = "must be signed before" if first > now else "must be signed at once: ended on"
    return f"{named}{rest} {what} {first:%Y-%m-%d %H:%M} UTC"


def _line(ending: Ending) -> str:
    role = ending.role
    line = f"{role.name} version {role.version} ends on {role.expires:%Y-%m-%d %H:%M} UTC"
    if ending.late is None:
        return line
    days = max(ending.late.days, 1)
    return f"{line}; if people take as long as they once did, {days} days too late"


def _next_step(endings: list[Ending]) -> str:
    if all(each.role.online for each in endings):
        return "next: run online-sign, then publish, and read what they say"
    return "next: ask the signers of its event; where there is none, run create-signing-events"


def _is_urgent(known_good: State, role: RoleName, ladder: Ladder, now: datetime) -> bool:
    loaded = known_good.role(role)
    if not isinstance(loaded, Document):
        return False
    try:
        periods = role_periods(periods_holder(role, loaded.signed))
    except InvalidPeriod:
        periods = None
    expires = loaded.signed.expires
    starts = expires - periods.signing_or_default if periods else None
    return ladder.rung(expires=expires, starts=starts, now=now) >= Rung.REMIND


def _days(days: int | None) -> timedelta | None:
    return None if days is None else timedelta(days=days)
