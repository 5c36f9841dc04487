"""signer-removed: somebody may no longer sign."""

from collections.abc import Iterator

from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice
from tufline.repository.review.rules._kept import kept_roles


def check(role: RoleCase) -> Iterator[Remark]:
    """Name who is removed from each role."""
    for name in kept_roles(role):
        before, after = role.known_trust.people_of(name), role.trust.people_of(name)
        for person in before:
            if person not in after:
                yield notice(f"{name}: {person} may no longer sign")


RULE = RoleRule("signer-removed", check)
