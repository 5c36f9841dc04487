"""period-changed: how long metadata stays valid, or when it is renewed, changes (NEEDS row L)."""

from collections.abc import Iterator

from tufline.repository.format import Periods
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice
from tufline.repository.review.rules._periods import stated_periods


def check(role: RoleCase) -> Iterator[Remark]:
    """Say which period changes; a longer expiry period is `period-lengthened`."""
    if not role.changed or role.case.whole:
        return
    for name, before, after, _ in stated_periods(role):
        if not isinstance(before, Periods) or not isinstance(after, Periods):
            continue
        if after.expiry < before.expiry:
            was, days = before.expiry.days, after.expiry.days
            yield notice(f"{name}: the expiry period is shortened from {was} to {days} days")
        if after.signing_or_default != before.signing_or_default:
            was, days = before.signing_or_default.days, after.signing_or_default.days
            yield notice(f"{name}: the signing period changes from {was} to {days} days")


RULE = RoleRule("period-changed", check)
