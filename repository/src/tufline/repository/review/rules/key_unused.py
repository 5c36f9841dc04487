"""key-unused: keys that are listed and may sign nothing."""

from collections.abc import Iterator

from tufline.repository.format import signer_label
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice


def check(role: RoleCase) -> Iterator[Remark]:
    """Name them: harmless for clients, and often what a forgotten step leaves behind."""
    if not role.changed:
        return
    used = {keyid for named in role.trust.roles.values() for keyid in named.keyids}
    for keyid, key in role.trust.keys.items():
        if keyid not in used:
            yield notice(f"the key of {signer_label(key)} is listed and signs no role; remove it")


RULE = RoleRule("key-unused", check)
