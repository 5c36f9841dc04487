"""delegation-narrowed: a role is no longer trusted for some paths."""

from collections.abc import Iterator

from tuf.api.metadata import DelegatedRole

from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice
from tufline.repository.review.rules._kept import kept_roles


def check(role: RoleCase) -> Iterator[Remark]:
    """Name the patterns that go."""
    for name in kept_roles(role):
        before, after = role.known_trust.roles[name], role.trust.roles[name]
        if not isinstance(before, DelegatedRole) or not isinstance(after, DelegatedRole):
            continue
        gone = [path for path in before.paths or () if path not in (after.paths or ())]
        if gone:
            yield notice(f"{name}: is no longer trusted for {', '.join(map(repr, gone))}")


RULE = RoleRule("delegation-narrowed", check)
