"""delegation-removed: a role is no longer trusted."""

from collections.abc import Iterator

from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice


def check(role: RoleCase) -> Iterator[Remark]:
    """Name the roles whose artifacts clients will no longer find here."""
    if role.case.whole or not role.changed:
        return
    for name in role.known_trust.roles:
        if name not in role.trust.roles:
            yield notice(f"{name} is no longer trusted; clients will not find its artifacts")


RULE = RoleRule("delegation-removed", check)
