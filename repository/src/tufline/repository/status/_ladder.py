"""How loudly to say that a role ends: the less is left, the louder. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from tufline.repository.status._facts import Forecast, RoleFacts


class Rung(IntEnum):
    """Who is told."""

    QUIET = 0
    """Nobody."""

    REMIND = 1
    """Whoever has to sign, once more, where they were asked."""

    WARN = 2
    """Everybody whom the settings name."""

    PAGE = 3
    """Whoever is on duty, at night too."""


# Of a role's signing period, how much is left then.
_SHARES: Final = {Rung.REMIND: 1 / 2, Rung.WARN: 1 / 4, Rung.PAGE: 1 / 10}
_WITHOUT_PERIOD: Final = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """How long before the end of a role each rung begins; None: by its signing period.

    Without settings that is a half, a quarter and a tenth of that period.
    """

    remind: timedelta | None = None
    warn: timedelta | None = None
    page: timedelta | None = None

    def rung(
        self, *, expires: datetime, starts: datetime | None, now: datetime, online: bool = False
    ) -> Rung:
        """Return how loudly to say that a role `expires` whose signing period `starts`.

        The settings are for people: they say nothing of a role that a machine signs.
        """
        stated = {} if online else self._stated()
        period = expires - starts if starts else _WITHOUT_PERIOD
        begins = {rung: stated.get(rung) or period * share for rung, share in _SHARES.items()}
        reached = (rung for rung, before in begins.items() if expires - now <= before)
        return max(reached, default=Rung.QUIET)

    def _stated(self) -> dict[Rung, timedelta | None]:
        return {Rung.REMIND: self.remind, Rung.WARN: self.warn, Rung.PAGE: self.page}


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """A role of which somebody has to be told.

    `late` is how much too late it would be renewed if people took as long as they once did; None
    where it would be in time, or nothing is known.
    """

    role: RoleFacts
    rung: Rung
    late: timedelta | None = None


def endings(
    roles: tuple[RoleFacts, ...],
    forecasts: tuple[Forecast, ...],
    *,
    ladder: Ladder,
    now: datetime,
) -> Iterator[Ending]:
    """Yield the roles that somebody has to be told of.

    A role that would be too late is warned of before its turn. A delegated role that has ended
    wakes nobody: clients go on without what it lists, and perhaps that is meant.
    """
    spares = {each.role: each.spare for each in forecasts}
    for role in roles:
        late, starts = _late(spares.get(role.name)), role.signing_starts
        rung = ladder.rung(expires=role.expires, starts=starts, now=now, online=role.online)
        if late is not None and starts is not None and starts <= now:
            rung = max(rung, Rung.WARN)
        if role.delegators:
            rung = min(rung, Rung.WARN)
        if rung is not Rung.QUIET:
            yield Ending(role=role, rung=rung, late=late)


def _late(spare: timedelta | None) -> timedelta | None:
    return -spare if spare is not None and spare < timedelta() else None
