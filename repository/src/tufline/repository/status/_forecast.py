"""Whether people will have signed in time, going by what their past events took. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median

from tufline.repository.status._facts import EventFacts, Forecast, RoleFacts


def forecasts(
    roles: Iterable[RoleFacts], events: Sequence[EventFacts], *, now: datetime
) -> Iterator[Forecast]:
    """Yield the forecast of each role that people sign.

    Only events of the role itself count, if there were any; otherwise all of them: they tell how
    long these people take.
    """
    for role in roles:
        if not role.online:
            yield _forecast(role, events, now)


def _forecast(role: RoleFacts, events: Sequence[EventFacts], now: datetime) -> Forecast:
    own = [each for each in events if role.name in each.roles]
    took = [each.merged - each.began for each in own or events]
    starts = max(now, role.signing_starts or now)
    return Forecast(
        role=role.name,
        margin=role.expires - now,
        expected=_median(took) if took else None,
        spare=role.expires - starts - max(took) if took else None,
    )


def _median(durations: list[timedelta]) -> timedelta:
    return timedelta(seconds=median(each.total_seconds() for each in durations))
