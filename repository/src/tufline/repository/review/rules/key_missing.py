"""key-missing: each key id that a role names has a key."""

from collections.abc import Iterator

from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect


def check(role: RoleCase) -> Iterator[Remark]:
    """Report ids that nobody can sign with."""
    if not role.judged_in_full:
        return
    for name, named in role.trust.roles.items():
        known = role.known_trust.roles.get(name)
        for keyid in named.keyids:
            if keyid not in role.trust.keys:
                known_too = known is not None and keyid in known.keyids
                known_too = known_too and keyid not in role.known_trust.keys
                message = f"{name} names the key {keyid}, which is not listed; add or remove it"
                yield defect(message, known=known_too)


RULE = RoleRule("key-missing", check)
