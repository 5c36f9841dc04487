"""person-twice: one person has one key, so one vote, in a role."""

from collections.abc import Iterator

from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect


def check(role: RoleCase) -> Iterator[Remark]:
    """Report people who could meet a threshold of two alone."""
    if not role.judged_in_full:
        return
    for name in role.trust.roles:
        known = role.known_trust.people_of(name)
        for person, keyids in role.trust.people_of(name).items():
            if len(keyids) > 1:
                message = f"{person} has {len(keyids)} keys in {name}; keep one"
                yield defect(message, known=keyids <= known.get(person, frozenset()))


RULE = RoleRule("person-twice", check)
