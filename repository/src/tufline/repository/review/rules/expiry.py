"""expiry: metadata is valid now, and not for longer than its period says (NEEDS rows B, L)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tufline.repository.format import ROOT, TARGETS, Document, Periods
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect, error
from tufline.repository.review._policy import CLOCK_TOLERANCE
from tufline.repository.review.rules._periods import stated_periods


def check(role: RoleCase) -> Iterator[Remark]:
    """Compare the end of validity with the clock and the period."""
    if not role.judged_in_full or not isinstance(role.after, Document):
        return
    expires = role.after.signed.expires
    if expires <= role.case.now:
        # a delegate who is late must not stop everybody else
        delegated = role.name not in {ROOT, TARGETS}
        yield defect(f"expired on {_day(expires)}; sign a new version", known=delegated)
    longest = _longest(role)
    if longest is not None and expires - role.case.now > longest + CLOCK_TOLERANCE:
        yield error(f"expires on {_day(expires)}, more than its {longest.days} days from now")


def _longest(role: RoleCase) -> timedelta | None:
    """Return the period that the metadata states, or else the longest that policy allows."""
    own = next(stated_periods(role)).after
    if isinstance(own, Periods):
        return own.expiry
    return role.case.policy.longest_expiry_of(role.name)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


RULE = RoleRule("expiry", check)
