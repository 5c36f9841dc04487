"""key-scheme: keys are of a kind that every common client can verify with (NEEDS 1).

A P-384 key was valid for one client and broke another one for all its users.
"""

from collections.abc import Iterator

from tufline.repository.format import is_sigstore_key, signer_label
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice

_COMMON = frozenset({"ecdsa-sha2-nistp256", "ed25519", "rsassa-pss-sha256"})


def check(role: RoleCase) -> Iterator[Remark]:
    """Name new keys of other schemes; `sigstore-key` speaks of Sigstore identities."""
    if not role.changed:
        return
    for keyid, key in role.trust.keys.items():
        if key.scheme in _COMMON or is_sigstore_key(key) or keyid in role.known_trust.keys:
            continue
        message = f"the new key of {signer_label(key)} has scheme {key.scheme}, which not all TUF"
        yield notice(f"{message} clients support; test with yours before you sign")


RULE = RoleRule("key-scheme", check)
