"""Validity windows: do they begin before they end, follow each other, and hold now?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tufline.repository.validators.sigstore._models import TimeRange

FOREVER = datetime.max.replace(tzinfo=UTC)
# Ends such as 23:59:59 are meant to meet a start at 00:00:00.
_TOUCHING = timedelta(seconds=1)


@dataclass(frozen=True, order=True, slots=True)
class Window:
    """From when to when, both inclusive."""

    start: datetime
    end: datetime

    def holds(self, now: datetime) -> bool:
        """Whether `now` lies in it."""
        return self.start <= now <= self.end

    def within(self, other: "Window") -> "Window":
        """Return what both have in common; it ends before it starts where that is nothing."""
        return Window(max(self.start, other.start), min(self.end, other.end))


def window(span: TimeRange) -> Window:
    """Return the window of a message; without an end it lasts forever."""
    return Window(span.start, span.end or FOREVER)


def order_problem(place: str, span: TimeRange) -> Iterator[str]:
    """Yield a problem if the window ends before it starts."""
    if span.end is not None and span.end < span.start:
        ends = f"ends at {text(span.end)}, before it starts at {text(span.start)}"
        yield f"{place} {ends}; correct one of them"


def kind_problems(
    place: str, windows: Sequence[Window], now: datetime, *, needed: bool = True
) -> Iterator[str]:
    """Yield what is wrong with the windows of all of one kind, together."""
    if not windows:
        return
    if needed and not any(each.holds(now) for each in windows):
        yield f"{place} has none that is valid now; add one, or correct a validFor"
    reached = None
    for each in sorted(windows):
        if reached is not None and each.start > reached + _TOUCHING:
            gap = f"from {text(reached)} to {text(each.start)}"
            yield f"{place} has none that is valid {gap}; let the windows overlap"
        reached = each.end if reached is None else max(reached, each.end)
        if reached >= FOREVER - _TOUCHING:
            return


def covered(wanted: Window, by: Sequence[Window]) -> bool:
    """Whether at every moment of `wanted` one of the windows holds."""
    reached = wanted.start
    for each in sorted(by):
        if each.start > reached + (_TOUCHING if reached > wanted.start else timedelta()):
            break
        reached = max(reached, each.end)
        if reached >= wanted.end:
            return True
    return reached >= wanted.end


def text(when: datetime) -> str:
    """Return a time as the files have it."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")
