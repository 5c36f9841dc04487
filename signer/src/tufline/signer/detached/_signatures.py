"""The file of signatures that is carried back. It is small, and is believed in nothing.

    {"format": "tufline-signatures", "version": 1, "event": "sign/…", "payload-file": "…",
     "signatures": [{"keyid": "…", "payload-sha256": "…", "role": "…", "sig": "…", "version": 2}]}

`payload-file` is the SHA-256 of the payload that was signed: a note for people.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tufline.repository.format import (
    DetachedSignature,
    Document,
    InvalidDetached,
    InvalidJson,
    detached_of,
    detached_tree,
    parse_json,
    payload_digest,
    write_json,
)
from tufline.repository.jobs import Event
from tufline.signer._signing import SignedRole
from tufline.signer.detached._errors import InvalidSignatures
from tufline.signer.detached._payload import EVENT_NAME

LARGEST_SIGNATURES: Final = 2**20
_MOST: Final = 100
_FORMAT: Final = "tufline-signatures"
_VERSION: Final = 1
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_FIELDS: Final = {"format", "version", "event", "payload-file", "signatures"}


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureFile:
    """Signatures of one event, and the digest (SHA-256, hex) of the payload they were made from."""

    event: str
    payload_file: str
    signatures: tuple[DetachedSignature, ...]


def signature_file(event: Event, payload_file: str, signed: Sequence[SignedRole]) -> SignatureFile:
    """Return the file of what was signed."""
    return SignatureFile(
        event=event.name, payload_file=payload_file, signatures=tuple(_signatures(event, signed))
    )


def write_signatures(file: SignatureFile) -> bytes:
    """Return the file's bytes."""
    return write_json(
        {
            "format": _FORMAT,
            "version": _VERSION,
            "event": file.event,
            "payload-file": file.payload_file,
            "signatures": [detached_tree(each) for each in file.signatures],
        }
    )


def parse_signatures(data: bytes) -> SignatureFile:
    """Return what a file says; raise `InvalidSignatures`."""
    try:
        tree = parse_json(data)
    except InvalidJson as error:
        raise InvalidSignatures(str(error)) from error
    if not isinstance(tree, dict) or set(tree) != _FIELDS:
        raise InvalidSignatures(f"not an object with exactly {', '.join(sorted(_FIELDS))}")
    if (tree["format"], tree["version"]) != (_FORMAT, _VERSION):
        raise InvalidSignatures(f'it is not "{_FORMAT}" of version {_VERSION}')
    for field, form in {"event": EVENT_NAME, "payload-file": _DIGEST}.items():
        if not isinstance(tree[field], str) or not form.fullmatch(tree[field]):
            raise InvalidSignatures(f"{field} is not what it should be")
    return SignatureFile(
        event=tree["event"], payload_file=tree["payload-file"], signatures=_parsed(tree)
    )


def _parsed(tree: dict[str, Any]) -> tuple[DetachedSignature, ...]:
    entries = tree["signatures"]
    if not isinstance(entries, list) or not 1 <= len(entries) <= _MOST:
        raise InvalidSignatures(f"signatures is not a list of 1 to {_MOST}")
    try:
        found = tuple(detached_of(each) for each in entries)
    except InvalidDetached as error:
        raise InvalidSignatures(str(error)) from error
    if len({each.path for each in found}) < len(found):
        raise InvalidSignatures("a key signs the same twice")
    return found


def _signatures(event: Event, signed: Sequence[SignedRole]) -> Iterator[DetachedSignature]:
    for role in signed:
        document = event.proposed.role(role.role)
        if isinstance(document, Document):  # it was signed, so it is one
            for signature in role.signatures:
                yield DetachedSignature(
                    role=role.role,
                    version=document.signed.version,
                    keyid=signature.keyid,
                    sig=signature.signature,
                    payload=payload_digest(role.payload),
                )
