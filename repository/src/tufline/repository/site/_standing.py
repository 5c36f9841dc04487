"""How urgent a role's next signature is."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from tufline.repository.status import RoleFacts

_LATE: Final = 1 / 2
_URGENT: Final = 1 / 5
# Where the metadata does not say when signing starts.
_USUAL_PERIOD: Final = timedelta(days=14)


class Standing(Enum):
    """From good to bad, as the page calls it."""

    VALID = "valid"
    OPEN = "signing open"
    LATE = "late"
    URGENT = "urgent"
    EXPIRED = "expired"

    @property
    def rank(self) -> int:
        """Return 0 for the best."""
        return list(Standing).index(self)

    @property
    def css(self) -> str:
        """Return the word for style sheets and for `status.json`."""
        return self.name.lower()


def standing(role: RoleFacts, now: datetime) -> Standing:
    """Return how the role stands, by how much of its signing period is left.

    Shares, not days: a timestamp that lasts two days is as well with one day left as a root with
    a month.
    """
    left = role.expires - now
    starts = role.signing_starts
    period = _USUAL_PERIOD if starts is None else role.expires - starts
    if left <= timedelta():
        return Standing.EXPIRED
    if left > period:
        return Standing.VALID
    if left > period * _LATE:
        return Standing.OPEN
    return Standing.LATE if left > period * _URGENT else Standing.URGENT


def worst(roles: Iterable[RoleFacts], now: datetime) -> Standing:
    """Return the worst standing of some roles."""
    return max((standing(role, now) for role in roles), key=lambda each: each.rank)
