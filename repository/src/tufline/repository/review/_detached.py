"""What a detached signature of an event is worth. The rule, the jobs and the signer ask here.

Nothing of a file is believed: what was signed is the event's own payload, the key is the one that
the metadata names, and the signature verifies or does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from securesystemslib.signer import Key, Signature

from tufline.repository.format import (
    DETACHED_FOLDER,
    ONLINE_ROLES,
    DetachedSignature,
    Document,
    InvalidDetached,
    is_sigstore_key,
    key_owner,
    online_uri,
    parse_detached,
    payload_digest,
)
from tufline.repository.review._signatures import SignedDocument
from tufline.repository.state import PLAIN, Entry

if TYPE_CHECKING:
    from tufline.repository.review._case import Case, RoleCase

MOST_DETACHED: Final = 256
"""How many such files an event may hold at once. Nobody reads more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """It is the signature of a key that may sign the role, over what the event holds now."""

    signature: DetachedSignature
    holder: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Voided:
    """It is for something else than what the event wants to have signed now.

    Whether it ever was a signature cannot be told any more. `holder` is whose key it names.
    """

    signature: DetachedSignature
    holder: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Defective:
    """It is no signature that could ever count."""

    reason: str


Detached: TypeAlias = Counts | Voided | Defective


def detached_files(case: "Case") -> tuple[Entry, ...]:
    """Return the event's detached signatures, sorted by path; more than `MOST_DETACHED`: some."""
    found = islice(case.event.files.below(DETACHED_FOLDER), MOST_DETACHED + 1)
    return tuple(sorted(found, key=lambda entry: entry.path))


def judge_detached(case: "Case") -> Iterator[tuple[str, Detached]]:
    """Yield the path of each detached signature of the event, and what it is worth."""
    roles: dict[str, RoleCase] = {}
    for entry in detached_files(case)[:MOST_DETACHED]:
        try:
            signature = _read(case, entry)
        except InvalidDetached as error:
            yield entry.path, Defective(reason=str(error))
            continue
        role = roles.setdefault(signature.role, case.role(signature.role))
        yield entry.path, judge_signature(role, signature)


def judge_signature(role: "RoleCase", signature: DetachedSignature) -> Detached:
    """Return what a signature over `role` is worth in the event."""
    document = role.after
    if role.name in ONLINE_ROLES or not isinstance(document, Document) or not role.delegations:
        return Defective(reason=f"the event has no role {role.name} that people sign")
    if signature.version > document.signed.version:
        has = document.signed.version
        return Defective(reason=f"the event has {role.name} in version {has} only")
    if reason := _voided(role, document, signature):
        return Voided(signature=signature, holder=_holder(role, signature.keyid), reason=reason)
    return _verified(role, document, signature)


def _read(case: "Case", entry: Entry) -> DetachedSignature:
    if entry.kind not in PLAIN:
        raise InvalidDetached(f"a {entry.kind}, not a plain file")
    return parse_detached(case.event.files.read(entry), entry.path)


def _voided(role: "RoleCase", document: SignedDocument, signature: DetachedSignature) -> str | None:
    """Return why the event does not want this signed (any more), or None if it does."""
    if signature.version < document.signed.version:
        return f"the event has version {document.signed.version} now"
    if signature.payload != payload_digest(document.payload):
        return "the content has changed since"
    before = role.before
    if isinstance(before, Document) and before.payload == document.payload:
        return "the event does not change the role"
    return None


def _verified(
    role: "RoleCase", document: SignedDocument, signature: DetachedSignature
) -> Counts | Defective:
    key = _keys(role).get(signature.keyid)
    if key is None:
        return Defective(reason=f"key {signature.keyid} may not sign {role.name}")
    if online_uri(key) is not None or is_sigstore_key(key):
        return Defective(reason=f"key {signature.keyid} signs online, never apart from the event")
    if not role.case.verifier.verify(
        key, Signature(signature.keyid, signature.sig), document.payload
    ):
        return Defective(reason=f"the signature of {_name(key)} does not verify")
    return Counts(signature=signature, holder=_name(key))


def _keys(role: "RoleCase") -> dict[str, Key]:
    """Return the keys that may sign the role: now, and by the root before where that counts."""
    counted = (*role.tallies, *((role.previous,) if role.previous else ()))
    return {keyid: key for each in counted for keyid, key in each.delegation.keys.items()}


def _holder(role: "RoleCase", keyid: str) -> str:
    key = _keys(role).get(keyid)
    return f"key {keyid[:7]}" if key is None else _name(key)


def _name(key: Key) -> str:
    return key_owner(key) or f"key {key.keyid[:7]}"
