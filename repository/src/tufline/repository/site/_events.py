"""What happened, and whether the next time will be early enough."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tufline.repository.report import name, prose
from tufline.repository.site._roles import Names, names
from tufline.repository.site._words import Moment, duration, moment, moment_if, safe_url
from tufline.repository.status import EventFacts, Forecast, RepositoryFacts

_MOST_EVENTS: Final = 20
_MOST_FORECASTS: Final = 50
_LONGEST_TITLE: Final = 160


@dataclass(frozen=True, kw_only=True, slots=True)
class EventRow:
    """One signing event.

    Attributes:
        signed_in: from its first commit to its last signature; None if that is not known.
        merged_in: from the last signature to main, or from the first commit if that is not known.
        signing_share, merging_share: the same in percent of the longest event that is shown.
    """

    title: str
    url: str | None
    roles: Names
    began: Moment
    ready: Moment | None
    merged: Moment
    signed_in: str | None
    merged_in: str
    took: str
    signing_share: float
    merging_share: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ForecastRow:
    """One role's forecast. `late` is whether it will be renewed too late."""

    role: str
    margin: str
    expected: str | None
    spare: str | None
    late: bool


def event_rows(facts: RepositoryFacts) -> tuple[EventRow, ...]:
    """Return the newest events."""
    events = facts.events[:_MOST_EVENTS]
    longest = max((event.merged - event.began for event in events), default=timedelta())
    return tuple(_event(event, longest, facts.now) for event in events)


def forecast_rows(facts: RepositoryFacts) -> tuple[ForecastRow, ...]:
    """Return the forecasts, worst first, those that know nothing last."""
    return tuple(
        _forecast(each) for each in sorted(facts.forecasts, key=_urgency)[:_MOST_FORECASTS]
    )


def late(facts: RepositoryFacts) -> list[Forecast]:
    """Return the forecasts of what will be renewed too late, worst first."""
    found = (each for each in facts.forecasts if each.spare and each.spare < timedelta())
    return sorted(found, key=_urgency)


def _urgency(forecast: Forecast) -> tuple[timedelta, timedelta, str]:
    spare = timedelta.max if forecast.spare is None else forecast.spare
    return spare, forecast.margin, forecast.role


def _event(event: EventFacts, longest: timedelta, now: datetime) -> EventRow:
    ready = event.ready
    signed = event.began if ready is None else ready
    return EventRow(
        title=_title(event.title),
        url=safe_url(event.url),
        roles=names(event.roles),
        began=moment(event.began, now),
        ready=moment_if(ready, now),
        merged=moment(event.merged, now),
        signed_in=None if ready is None else duration(ready - event.began),
        merged_in=duration(event.merged - signed),
        took=duration(event.merged - event.began),
        signing_share=_share(signed - event.began, longest),
        merging_share=_share(event.merged - signed, longest),
    )


def _forecast(forecast: Forecast) -> ForecastRow:
    spare = forecast.spare
    return ForecastRow(
        role=name(forecast.role).text,
        margin=duration(forecast.margin) if forecast.margin > timedelta() else "expired",
        expected=None if forecast.expected is None else duration(forecast.expected),
        spare=None if spare is None else duration(abs(spare)),
        late=spare is not None and spare < timedelta(),
    )


def _share(part: timedelta, longest: timedelta) -> float:
    """Return the percentage. Dates of commits are their authors': they may run backwards."""
    return round(min(max(part / longest, 0), 1) * 100, 1) if longest > timedelta() else 0.0


def _title(title: str) -> str:
    cut = title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"
    return prose(cut).text or "(no title)"
