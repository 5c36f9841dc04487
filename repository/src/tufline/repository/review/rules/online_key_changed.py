"""online-key-changed: another online key signs a role, or one does that did not before."""

from collections.abc import Iterator

from tufline.repository.format import online_uri
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice
from tufline.repository.review._trust import Trust
from tufline.repository.review.rules._kept import kept_roles


def check(role: RoleCase) -> Iterator[Remark]:
    """Name the online keys of each role, before and after."""
    for name in kept_roles(role):
        before, after = role.known_trust.online_keys_of(name), role.trust.online_keys_of(name)
        if {key.keyid for key in before} != {key.keyid for key in after}:
            was, now = _described(role.known_trust, name), _described(role.trust, name)
            yield notice(f"{name}: online keys were {was}; they are {now} from now on")


def _described(trust: Trust, name: str) -> str:
    found = [f"{online_uri(key)} ({key.keyid})" for key in trust.online_keys_of(name)]
    return ", ".join(found) or "none"


RULE = RoleRule("online-key-changed", check, consent=True)
