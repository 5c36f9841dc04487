"""key-replaced: the same person signs with another key (NEEDS 10, row K).

Nothing but the person can say that the new key is theirs, so ask them on another channel.
"""

from collections.abc import Iterator

from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice
from tufline.repository.review.rules._kept import kept_roles


def check(role: RoleCase) -> Iterator[Remark]:
    """Name the person, the old key and the new."""
    for name in kept_roles(role):
        before, after = role.known_trust.people_of(name), role.trust.people_of(name)
        for person in after:
            new = after[person] - before.get(person, after[person])
            if new:
                old = ", ".join(sorted(before[person]))
                keys = ", ".join(sorted(new))
                yield notice(f"{name}: {person} signs with the new key {keys}; it was {old}")


RULE = RoleRule("key-replaced", check, consent=True)
