"""Certificates and public keys in a text or in bytes, as people know them. Total: never raises."""

import base64
import binascii
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)

_BEGIN: Final = b"-----BEGIN "
_SHORTEST: Final = 40  # no certificate and no key that we know is shorter, in bytes or in base64


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """A certificate: X.509 names as RFC 4514 writes them, times in UTC, the digest of the DER."""

    subject: str
    issuer: str
    begins: datetime
    ends: datetime
    key: str
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicKey:
    """A public key, and the digest of its SubjectPublicKeyInfo."""

    key: str
    sha256: str


def decoded_bytes(data: bytes) -> tuple[Certificate | PublicKey, ...]:
    """Return what the bytes hold: in PEM, however many; or one in DER."""
    if _BEGIN in data:
        return tuple(found for block in _blocks(data) for found in _of_pem(block))
    return _of_der(data)


def decoded_text(text: str) -> tuple[Certificate | PublicKey, ...]:
    """Return what a text holds, in PEM or in base64 of DER."""
    if not text.isascii() or len(text) < _SHORTEST:
        return ()
    if _BEGIN.decode() in text:
        return decoded_bytes(text.encode())
    try:
        return _of_der(base64.b64decode(text, validate=True))
    except binascii.Error:
        return ()


def _blocks(data: bytes) -> Iterator[bytes]:
    for part in data.split(_BEGIN)[1:]:
        yield _BEGIN + part


def _of_pem(block: bytes) -> tuple[Certificate | PublicKey, ...]:
    with suppress(Exception):  # a parser over hostile bytes: whatever it raises is a "no"
        if block.startswith(_BEGIN + b"CERTIFICATE"):
            return (_certificate(x509.load_pem_x509_certificate(block)),)
        return (_public_key(load_pem_public_key(block)),)
    return ()


def _of_der(data: bytes) -> tuple[Certificate | PublicKey, ...]:
    if len(data) < _SHORTEST or data[:1] != b"\x30":  # both are an ASN.1 SEQUENCE
        return ()
    with suppress(Exception):  # as above
        return (_certificate(x509.load_der_x509_certificate(data)),)
    with suppress(Exception):  # as above
        return (_public_key(load_der_public_key(data)),)
    return ()


def _certificate(found: x509.Certificate) -> Certificate:
    return Certificate(
        subject=found.subject.rfc4514_string(),
        issuer=found.issuer.rfc4514_string(),
        begins=found.not_valid_before_utc,
        ends=found.not_valid_after_utc,
        key=_kind(found.public_key()),
        sha256=sha256(found.public_bytes(Encoding.DER)).hexdigest(),
    )


def _public_key(found: PublicKeyTypes) -> PublicKey:
    der = found.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(key=_kind(found), sha256=sha256(der).hexdigest())


def _kind(key: object) -> str:
    match key:
        case EllipticCurvePublicKey():
            return f"EC {key.curve.name}"
        case RSAPublicKey():
            return f"RSA {key.key_size}"
        case Ed25519PublicKey():
            return "Ed25519"
        case _:
            return type(key).__name__.removeprefix("_").removesuffix("PublicKey")
