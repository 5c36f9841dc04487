"""signer-added: somebody may sign who could not before."""

from collections.abc import Iterator

from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice
from tufline.repository.review.rules._kept import kept_roles


def check(role: RoleCase) -> Iterator[Remark]:
    """Name the new signers of each role. Those of new roles stand in `delegation-added`."""
    for name in kept_roles(role):
        before, after = role.known_trust.people_of(name), role.trust.people_of(name)
        for person in after:
            if person not in before:
                yield notice(f"{name}: {person} may sign from now on")


RULE = RoleRule("signer-added", check, consent=True)
