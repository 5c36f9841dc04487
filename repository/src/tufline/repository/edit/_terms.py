"""The terms of a role: who signs it, how many of them, and how often."""

from dataclasses import dataclass
from datetime import timedelta

from tuf.api.metadata import Role, Signed

from tufline.repository.edit._errors import OnlineRole, ThresholdOutOfRange, UnusablePeriods
from tufline.repository.edit._keys import OnlineKey
from tufline.repository.format import (
    ONLINE_ROLES,
    InvalidPeriod,
    Owner,
    Periods,
    RoleName,
    role_periods,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleTerms:
    """What is asked for a new role.

    Attributes:
        people: who signs it; they are invited, since only they can name their keys.
        keys: the online keys that sign it.
        threshold: how many of both must sign.
        periods: how long a version is valid, and when re-signing opens.
    """

    people: tuple[Owner, ...] = ()
    keys: tuple[OnlineKey, ...] = ()
    threshold: int = 1
    periods: Periods


def expect_terms(role: RoleName, terms: RoleTerms) -> None:
    """Raise a `UserError` if the terms could not be kept."""
    if role in ONLINE_ROLES and terms.people:
        raise OnlineRole(role)
    expect_threshold(role, terms.threshold, len(set(terms.people)) + len(terms.keys))
    expect_periods(role, terms.periods)


def expect_threshold(role: RoleName, threshold: int, signers: int) -> None:
    """Raise `ThresholdOutOfRange` if so many signers cannot give so many signatures."""
    if not 1 <= threshold <= signers:
        raise ThresholdOutOfRange(role, threshold, signers)


def expect_periods(role: RoleName, periods: Periods) -> None:
    """Raise `UnusablePeriods` unless both are whole days and signing opens before the end."""
    expiry, signing = periods.expiry, periods.signing_or_default
    if expiry % _DAY or signing % _DAY or not _DAY <= signing < expiry:
        raise UnusablePeriods(role, f"expiry {expiry}, signing {signing}")


def stated_periods(role: RoleName, holder: Signed | Role) -> Periods:
    """Return the periods that the metadata states; raise `UnusablePeriods` if it does not."""
    try:
        periods = role_periods(holder)
    except InvalidPeriod as error:
        raise UnusablePeriods(role, str(error)) from error
    if periods is None:
        raise UnusablePeriods(role, "the metadata states none")
    return periods
