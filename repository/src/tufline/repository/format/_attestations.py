"""Attestations of keys: one file per key, on an event's branch only, until all have signed.

    metadata/.attestations/<keyid>.pem

Two certificates in PEM: of the device first, then of the key. `tufline.repository.attestation` says
what they prove. A file has one form for each pair of certificates, so nothing else fits in.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

ATTESTATION_FOLDER: Final = "metadata/.attestations"
LARGEST_ATTESTATION: Final = 16_384
"""How many bytes such a file may have. Two certificates with RSA keys of 4,096 bits need 5,000."""

_PLACE = re.compile(r"metadata/\.attestations/([0-9a-f]{64})\.pem")
_BEGIN: Final = "-----BEGIN CERTIFICATE-----\n"
_END: Final = "-----END CERTIFICATE-----\n"
_BLOCK: Final = f"{_BEGIN}([A-Za-z0-9+/=\n]+){_END}"
_TWO = re.compile(_BLOCK + _BLOCK)
_COLUMNS: Final = 64  # RFC 7468, section 2


class InvalidAttestation(ValueError):
    """The bytes are no attestation. The message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attestation:
    """Two certificates in DER, as a token gives them. They prove nothing until verified.

    Attributes:
        device: slot f9's, signed by the vendor.
        key: the signing slot's, signed by slot f9.
    """

    device: bytes
    key: bytes


def attestation_path(keyid: str) -> str:
    """Return where the attestation of a key lies."""
    return f"{ATTESTATION_FOLDER}/{keyid}.pem"


def attested_keyid(path: str) -> str | None:
    """Return the id of the key whose attestation lies at `path`; None where none may lie."""
    match = _PLACE.fullmatch(path)
    return match[1] if match else None


def is_below_attestations(path: str) -> bool:
    """Whether `path` lies where only attestations may lie."""
    return path.startswith(f"{ATTESTATION_FOLDER}/")


def parse_attestation(data: bytes) -> Attestation:
    """Return the attestation; raise `InvalidAttestation` if the bytes are not its one form."""
    if len(data) > LARGEST_ATTESTATION:
        raise InvalidAttestation(f"{len(data)} bytes, over {LARGEST_ATTESTATION}")
    try:
        match = _TWO.fullmatch(data.decode("ascii"))
        device, key = (base64.b64decode(each) for each in match.groups()) if match else (b"", b"")
    except (UnicodeDecodeError, binascii.Error):
        device = key = b""
    found = Attestation(device=device, key=key)
    if not device or write_attestation(found) != data:
        raise InvalidAttestation("not exactly two certificates in PEM")
    return found


def write_attestation(attestation: Attestation) -> bytes:
    """Return the file of an attestation."""
    return (_pem(attestation.device) + _pem(attestation.key)).encode()


def _pem(der: bytes) -> str:
    text = base64.b64encode(der).decode()
    lines = [f"{text[at : at + _COLUMNS]}\n" for at in range(0, len(text), _COLUMNS)]
    return "".join((_BEGIN, *lines, _END))
