"""sigstore-key: a Sigstore identity in place of a key (DESIGN section 3, Keys).

None signs root: whom to trust for identities follows from root, and not the other way round.
"""

from collections.abc import Iterator
from typing import Final

from tufline.repository.format import ROOT, is_sigstore_key, signer_label
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect, notice

_COUNTS: Final = (
    "counts only where targets lists trusted_root.json and signing_config.v0.2.json, and"
    " tufline-repository[sigstore] is installed"
)


def check(role: RoleCase) -> Iterator[Remark]:
    """Say what a Sigstore identity means for clients and for this review."""
    for holder in _unverified(role):
        yield notice(
            f"the signature of {holder} could not be verified here: that of a Sigstore identity"
            f" {_COUNTS}"
        )
    if not role.judged_in_full:
        return
    yield from _of_root(role)
    for key in role.trust.keys.values():
        if is_sigstore_key(key):
            who = f"{key.keyval['identity']} ({key.keyval['issuer']})"
            yield notice(
                f"{signer_label(key)} signs with the Sigstore identity {who}: plain TUF clients"
                f" cannot read this metadata, and the signature {_COUNTS}"
            )


def _of_root(role: RoleCase) -> Iterator[Remark]:
    """Report the identities that root names as its own signers, which never count."""
    for key in role.trust.keys_of(ROOT) if role.name == ROOT else ():
        if is_sigstore_key(key):
            known = key in role.known_trust.keys_of(ROOT)
            what = f"the Sigstore identity of {signer_label(key)}"
            yield defect(f"root is signed by keys, and never by {what}; remove it", known=known)


def _unverified(role: RoleCase) -> dict[str, None]:
    """Return the identities whose signatures do not count: nobody can say why without a trust."""
    return {
        signer_label(tally.delegation.keys[keyid]): None
        for tally in role.tallies
        for keyid in tally.unverified
        if is_sigstore_key(tally.delegation.keys[keyid])
    }


RULE = RoleRule("sigstore-key", check)
