"""key-kind: people sign root and targets, online keys sign snapshot and timestamp (TUF 6.1).

Where the settings say so, online keys may sign targets, too.
"""

from collections.abc import Iterator

from tufline.repository.format import ONLINE_ROLES, ROOT, TARGETS, online_uri, signer_label
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect


def check(role: RoleCase) -> Iterator[Remark]:
    """Report a key of the wrong kind for a top-level role. Delegated roles may have either."""
    if role.name != ROOT or not role.judged_in_full:
        return
    either = {TARGETS} if role.case.policy.online_targets else set()
    for name in (ROOT, *sorted({TARGETS} - either), *sorted(ONLINE_ROLES)):
        for key in role.trust.keys_of(name):
            if (online_uri(key) is not None) is (name in ONLINE_ROLES):
                continue
            known = key in role.known_trust.keys_of(name)
            kind = "an online key" if name in ONLINE_ROLES else "people"
            yield defect(f"{name} is signed by {kind}, not by {signer_label(key)}", known=known)


RULE = RoleRule("key-kind", check)
