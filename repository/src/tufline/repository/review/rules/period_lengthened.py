"""period-lengthened: what is signed, by a thief too, stays valid for longer (NEEDS row L)."""

from collections.abc import Iterator

from tufline.repository.format import Periods
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice
from tufline.repository.review.rules._periods import stated_periods


def check(role: RoleCase) -> Iterator[Remark]:
    """Say which expiry period grows."""
    if not role.changed or role.case.whole:
        return
    for name, before, after, _ in stated_periods(role):
        if not isinstance(before, Periods) or not isinstance(after, Periods):
            continue
        if after.expiry > before.expiry:
            was, days = before.expiry.days, after.expiry.days
            yield notice(f"{name}: the expiry period is lengthened from {was} to {days} days")


RULE = RoleRule("period-lengthened", check, consent=True)
