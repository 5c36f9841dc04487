"""key-material: each key can be loaded as the type and scheme that it states."""

import re
from collections.abc import Iterator

from securesystemslib.signer import Key

from tufline.repository.format import key_material, signer_label
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect

_HEX = re.compile(r"([0-9a-f]{2})+")


def check(role: RoleCase) -> Iterator[Remark]:
    """Report keys that no client can verify with."""
    if not role.judged_in_full:
        return
    for keyid, key in role.trust.keys.items():
        if not _can_be_loaded(key):
            known = role.known_trust.keys.get(keyid) == key
            message = f"the key of {signer_label(key)} cannot be loaded as {key.keytype}"
            yield defect(f"{message} with scheme {key.scheme}; replace it", known=known)


def _can_be_loaded(key: Key) -> bool:
    if key.keytype == "ed25519" and not _HEX.fullmatch(key.keyval["public"]):
        return False  # python-tuf reads blanks and capitals here, other clients do not
    return key_material(key) is not None


RULE = RoleRule("key-material", check)
