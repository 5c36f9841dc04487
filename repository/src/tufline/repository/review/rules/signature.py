"""signature: a signature that is there verifies."""

import re
from collections.abc import Iterator

from tufline.repository.format import Document, is_sigstore_key, signer_label
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect
from tufline.repository.review._signatures import SignedDocument, Tally
from tufline.repository.state import Loaded

_HEX = re.compile(r"([0-9a-fA-F]{2})+")


def check(role: RoleCase) -> Iterator[Remark]:
    """Name whose signature is broken: it was damaged, or made over other content."""
    if not role.judged_in_full or not isinstance(role.after, Document):
        return
    counted = (*role.tallies, *((role.previous,) if role.previous else ()))
    yield from _strange(role, role.after, _identities(counted))
    for keyid, holder in _broken(counted).items():
        message = f"the signature of {holder} does not verify; remove it and sign again"
        yield defect(message, known=_is_known(role, keyid))


def _identities(counted: tuple[Tally, ...]) -> frozenset[str]:
    """Return the Sigstore identities, whose signatures are written as Sigstore does."""
    keys = (item for tally in counted for item in tally.delegation.keys.items())
    return frozenset(keyid for keyid, key in keys if is_sigstore_key(key))


def _strange(role: RoleCase, after: SignedDocument, identities: frozenset[str]) -> Iterator[Remark]:
    """Report signatures in a form that python-tuf reads and other clients refuse."""
    for keyid, signature in after.metadata.signatures.items():
        if keyid in identities:
            continue
        if signature.signature and not _HEX.fullmatch(signature.signature):
            message = f"the signature by key {keyid} is not written in hex; remove it"
            yield defect(message, known=_is_known(role, keyid))


def _broken(counted: tuple[Tally, ...]) -> dict[str, str]:
    """Return the keys and holders. A Sigstore signature cannot be judged without a trust root."""
    return {
        keyid: signer_label(tally.delegation.keys[keyid])
        for tally in counted
        for keyid in tally.unverified
        if not is_sigstore_key(tally.delegation.keys[keyid])
    }


def _is_known(role: RoleCase, keyid: str) -> bool:
    """Whether known good has the same signature over the same content."""
    before, after = role.before, role.after
    if not isinstance(before, Document) or not isinstance(after, Document):
        return False
    return before.payload == after.payload and _signature(before, keyid) == _signature(after, keyid)


def _signature(loaded: Loaded, keyid: str) -> object:
    return loaded.metadata.signatures.get(keyid) if isinstance(loaded, Document) else None


RULE = RoleRule("signature", check)
