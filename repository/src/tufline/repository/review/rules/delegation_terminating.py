"""delegation-terminating: whether a role has the last word on its paths changes (NEEDS row J)."""

from collections.abc import Iterator

from tuf.api.metadata import DelegatedRole

from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice
from tufline.repository.review.rules._kept import kept_roles


def check(role: RoleCase) -> Iterator[Remark]:
    """Say in words what the flag means, whichever way it is turned."""
    for name in kept_roles(role):
        before, after = role.known_trust.roles[name], role.trust.roles[name]
        if not isinstance(before, DelegatedRole) or not isinstance(after, DelegatedRole):
            continue
        if after.terminating and not before.terminating:
            yield notice(f"{name}: has the last word on its paths; roles after it are not asked")
        if before.terminating and not after.terminating:
            yield notice(
                f"{name}: no longer has the last word; roles after it may add to its paths"
            )


RULE = RoleRule("delegation-terminating", check, consent=True)
