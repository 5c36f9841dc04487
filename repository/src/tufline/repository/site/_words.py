"""Moments, lengths of time and links, as the page says them. Everything is in UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

# Not strftime's, which follow the locale of whoever runs this.
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_UNITS: Final = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
)
# RFC 3986, and less: no user before the host, for `https://known.example@other.example/` leads to
# the other.
_CHARACTERS: Final = r"(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
_WEB_PAGE: Final = re.compile(
    r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?"
    rf"(?:[/?]{_CHARACTERS})?(?:#{_CHARACTERS})?"
)
# Below two of a unit the next smaller one says it better: "31 hours", not "1 day".
_AT_LEAST: Final = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A moment, for people and for machines.

    Attributes:
        machine: RFC 3339.
        date: "4 Mar 2026".
        clock: "09:30".
        distance: "in 23 days", "3 hours ago".
    """

    machine: str
    date: str
    clock: str
    distance: str


def moment(when: datetime, now: datetime) -> Moment:
    """Return how to show `when`, seen from `now`."""
    utc = when.astimezone(UTC)
    return Moment(
        machine=rfc3339(when),
        date=f"{utc.day} {_MONTHS[utc.month - 1]} {utc.year}",
        clock=f"{utc:%H:%M}",
        distance=distance(when - now),
    )


def moment_if(when: datetime | None, now: datetime) -> Moment | None:
    """Return the same, if the moment is known."""
    return None if when is None else moment(when, now)


def rfc3339(when: datetime) -> str:
    """Return the moment in UTC, in whole seconds: `2026-03-04T09:30:00Z`."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def distance(length: timedelta) -> str:
    """Return "in 2 days" or "2 days ago"."""
    return f"in {duration(length)}" if length > timedelta() else f"{duration(-length)} ago"


def duration(length: timedelta) -> str:
    """Return whole days, hours or minutes, rounded down; a negative length counts as nothing."""
    for unit, size in _UNITS:
        number = length // size
        if number >= _AT_LEAST:
            return f"{number:,} {unit}s"
    return "1 minute" if length >= timedelta(minutes=1) else "under a minute"


def counted(number: int, noun: str) -> str:
    """Return "1 role" or "2 roles"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def safe_url(url: str | None) -> str | None:
    """Return the URL if it leads to a web page and nowhere else, and looks like where it leads."""
    return url if url is not None and _WEB_PAGE.fullmatch(url) else None
