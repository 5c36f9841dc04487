"""threshold-lowered: fewer people are needed to sign a role (NEEDS row J)."""

from collections.abc import Iterator

from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice
from tufline.repository.review.rules._kept import kept_roles


def check(role: RoleCase) -> Iterator[Remark]:
    """Say of which role, and from what to what."""
    for name in kept_roles(role):
        before, after = role.known_trust.roles[name].threshold, role.trust.roles[name].threshold
        if after < before:
            yield notice(f"{name}: signatures needed go down from {before} to {after}")


RULE = RoleRule("threshold-lowered", check, consent=True)
