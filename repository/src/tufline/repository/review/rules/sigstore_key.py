"""sigstore-key: a Sigstore identity in place of a key (DESIGN section 3, Keys)."""

from collections.abc import Iterator

from tufline.repository.format import is_sigstore_key, signer_label
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice


def check(role: RoleCase) -> Iterator[Remark]:
    """Say what a Sigstore identity means for clients and for this review."""
    if not role.judged_in_full:
        return
    for key in role.trust.keys.values():
        if is_sigstore_key(key):
            yield notice(
                f"{signer_label(key)} signs with a Sigstore identity: plain TUF clients cannot"
                " read this metadata, and the signature counts only where targets lists"
                " trusted_root.json and signing_config.v0.2.json, and tufline-online-sign[sigstore]"
                " is installed"
            )


RULE = RoleRule("sigstore-key", check)
