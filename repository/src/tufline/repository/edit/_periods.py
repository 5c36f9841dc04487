"""How long versions stay valid."""

from tufline.repository.edit._draft import Draft
from tufline.repository.edit._terms import expect_periods
from tufline.repository.format import ONLINE_ROLES, Periods, RoleName, periods_holder
from tufline.repository.format import set_role_periods as write_periods


def set_periods(draft: Draft, role: RoleName, periods: Periods) -> None:
    """Set the periods of `role`; those of snapshot and timestamp stand in root."""
    expect_periods(role, periods)
    signed = draft.root() if role in ONLINE_ROLES else draft.delegator(role)
    write_periods(periods_holder(role, signed), periods)
