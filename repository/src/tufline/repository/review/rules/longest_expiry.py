"""longest-expiry: no expiry period beyond what the settings allow (NEEDS row L)."""

from collections.abc import Iterator

from tufline.repository.format import Periods
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect
from tufline.repository.review.rules._periods import stated_periods


def check(role: RoleCase) -> Iterator[Remark]:
    """Compare each stated expiry period with the configured maximum."""
    if not role.judged_in_full:
        return
    for stated in stated_periods(role):
        longest = role.case.policy.longest_expiry_of(stated.role)
        if longest is None or not isinstance(stated.after, Periods):
            continue
        days = stated.after.expiry.days
        if days > longest.days:
            message = f"{stated.role}: an expiry period of {days} days; tufline.toml allows"
            yield defect(f"{message} {longest.days}", known=stated.known)


RULE = RoleRule("longest-expiry", check)
