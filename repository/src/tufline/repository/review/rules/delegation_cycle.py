"""delegation-cycle: no role delegates to itself, not even by way of others."""

from collections.abc import Iterator

from tufline.repository.format import RoleName
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect


def check(role: RoleCase) -> Iterator[Remark]:
    """Report a role that is reached from itself: it would decide who may sign it."""
    if role.judged_in_full and role.name in _reached(role):
        known = not role.changed and not role.case.from_nothing
        yield defect("delegates to itself, by way of others; remove the delegation", known=known)


def _reached(role: RoleCase) -> set[RoleName]:
    children = role.case.graph.children
    reached: set[RoleName] = set()
    to_visit = [*children.get(role.name, ())]
    while to_visit:
        found = to_visit.pop()
        if found not in reached:
            reached.add(found)
            to_visit.extend(children.get(found, ()))
    return reached


RULE = RoleRule("delegation-cycle", check)
