"""What a metadata file says of itself, small enough to be kept for a thousand roles."""

from dataclasses import dataclass
from datetime import datetime

from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from tufline.repository.format import InvalidPeriod, Periods, role_periods


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """One metadata file without what it lists.

    Attributes:
        periods: its own; None where it states none, or none that can be.
        artifacts: how many it lists; None for a role that lists none.
    """

    version: int
    expires: datetime
    periods: Periods | None
    artifacts: int | None


def outline_of(signed: Root | Targets | Snapshot | Timestamp) -> Outline:
    """Return the outline of what a file says."""
    try:
        periods = role_periods(signed)
    except InvalidPeriod:
        periods = None  # the rule `expiry-period` reports it
    return Outline(
        version=signed.version,
        expires=signed.expires,
        periods=periods,
        artifacts=len(signed.targets) if isinstance(signed, Targets) else None,
    )
