"""The periods that a role's metadata states, before and after, for the rules about them."""

from collections.abc import Iterator
from typing import NamedTuple

from tufline.repository.format import (
    ONLINE_ROLES,
    ROOT,
    Document,
    InvalidPeriod,
    Periods,
    RoleName,
    periods_holder,
    role_periods,
)
from tufline.repository.review._case import RoleCase
from tufline.repository.state import Loaded


class Stated(NamedTuple):
    """What is stated for one role: periods, or what is wrong with them, or nothing.

    `known` is whether known good states the very same.
    """

    role: RoleName
    before: Periods | str | None
    after: Periods | str | None
    known: bool


def stated_periods(role: RoleCase) -> Iterator[Stated]:
    """Yield what the role's metadata states for itself and, root, for the online roles."""
    if not isinstance(role.after, Document):
        return
    for name in (role.name, *(sorted(ONLINE_ROLES) if role.name == ROOT else ())):
        before, after = _periods(name, role.before), _periods(name, role.after)
        yield Stated(name, before, after, isinstance(role.before, Document) and before == after)


def _periods(role: RoleName, loaded: Loaded) -> Periods | str | None:
    if not isinstance(loaded, Document):
        return None
    try:
        return role_periods(periods_holder(role, loaded.signed))
    except InvalidPeriod as problem:
        return str(problem)
