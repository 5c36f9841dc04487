"""key-owner: each key is one person's, or one online key's (DESIGN section 3, Keys)."""

from collections.abc import Iterator

from securesystemslib.signer import Key

from tufline.repository.format import key_owner, online_uri, stated_owner
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect


def check(role: RoleCase) -> Iterator[Remark]:
    """Report keys that say nothing, nothing valid, or both."""
    if not role.judged_in_full:
        return
    for keyid, key in role.trust.keys.items():
        problem = _problem(key)
        if problem:
            known = role.known_trust.keys.get(keyid) == key
            yield defect(f"key {keyid} {problem}", known=known)


def _problem(key: Key) -> str | None:
    if online_uri(key) == "":
        return "has an empty online URI; name its signer"
    if stated_owner(key) is None and online_uri(key) is None:
        return "names neither an owner nor an online URI; name one of them"
    if stated_owner(key) is not None and online_uri(key) is not None:
        return "names an owner and an online URI; keep one of them"
    if online_uri(key) is None and key_owner(key) != stated_owner(key):
        return f"has the owner {stated_owner(key)!r}; write a name as @name, lower case"
    return None


RULE = RoleRule("key-owner", check)
