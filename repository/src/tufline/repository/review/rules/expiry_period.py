"""expiry-period: metadata states periods that can be worked with (DESIGN section 3, Periods)."""

from collections.abc import Iterator
from datetime import timedelta

from tufline.repository.format import Periods
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect
from tufline.repository.review.rules._periods import Stated, stated_periods


def check(role: RoleCase) -> Iterator[Remark]:
    """Report periods that are missing, invalid, or at odds with each other."""
    if not role.judged_in_full:
        return
    for stated in stated_periods(role):
        for problem in _problems(stated):
            yield defect(f"{stated.role}: {problem}", known=stated.known)


def _problems(stated: Stated) -> Iterator[str]:
    match stated.after:
        case None:
            yield "states no expiry period; state one in days"
        case Periods():
            yield from _disorder(stated.after)
        case problem:
            yield problem


def _disorder(periods: Periods) -> Iterator[str]:
    if periods.signing is None:
        yield "states no signing period; state one in days"
    elif periods.signing < timedelta(days=1):
        yield "the signing period is under one day"
    if periods.expiry <= periods.signing_or_default:
        expiry, signing = periods.expiry.days, periods.signing_or_default.days
        yield f"the expiry period, {expiry} days, must be longer than the signing period, {signing}"


RULE = RoleRule("expiry-period", check)
