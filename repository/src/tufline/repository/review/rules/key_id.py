"""key-id: a key's id is the hash of its content (TUF 4.2.1; NEEDS 1).

Rust clients compute it themselves and refuse the whole root over one wrong id.
"""

from collections.abc import Iterator

from tufline.repository.format import content_keyid, signer_label
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect


def check(role: RoleCase) -> Iterator[Remark]:
    """Compare each key's id with its content. Old repositories hold such keys: those may stay."""
    if not role.judged_in_full:
        return
    imported = role.case.whole and role.case.from_nothing
    for keyid, key in role.trust.keys.items():
        right = content_keyid(key)
        if keyid != right:
            known = imported or role.known_trust.keys.get(keyid) == key
            message = f"the key of {signer_label(key)} has the id {keyid}; by its content it is"
            yield defect(f"{message} {right}", known=known)


RULE = RoleRule("key-id", check)
