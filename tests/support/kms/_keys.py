"""Keys that live behind a service: they really sign, and fail as planned."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from tests.support.kms._faults import Fault, Faults

Private = TypeVar("Private", EllipticCurvePrivateKey, Ed25519PrivateKey)
_SCALAR = 32  # bytes of a P-256 scalar


@dataclass(frozen=True, kw_only=True, slots=True)
class ServedKey(Generic[Private]):
    """A key behind a service; `stranger` is what signs where the wrong key does."""

    private: Private
    stranger: Private
    faults: Faults = field(default_factory=Faults)

    def answer(self, sign: Callable[[Private], bytes]) -> bytes | Fault:
        """Return the signature that the service answers with, or what happens instead."""
        fault = self.faults.next()
        if fault is Fault.WRONG_KEY:
            return sign(self.stranger)
        if fault in {None, Fault.LOST, Fault.STALLED, Fault.GARBAGE}:
            signature = sign(self.private)
            self.faults.count_signature()
            if fault is Fault.GARBAGE:
                return os.urandom(len(signature))
            return fault or signature
        return fault


EcKey = ServedKey[EllipticCurvePrivateKey]
EdKey = ServedKey[Ed25519PrivateKey]


def new_ec_key() -> EcKey:
    """Return a new P-256 key."""
    made = (generate_private_key(SECP256R1()) for _ in range(2))
    return ServedKey(private=next(made), stranger=next(made))


def new_ed_key() -> EdKey:
    """Return a new Ed25519 key."""
    return ServedKey(private=Ed25519PrivateKey.generate(), stranger=Ed25519PrivateKey.generate())


def sign_digest(private: EllipticCurvePrivateKey, digest: bytes) -> bytes:
    """Return a signature over a SHA-256 digest, as DER."""
    return private.sign(digest, ECDSA(Prehashed(SHA256())))


def sign_digest_raw(private: EllipticCurvePrivateKey, digest: bytes) -> bytes:
    """Return a signature over a SHA-256 digest, as r and s side by side (RFC 7518, 3.4)."""
    pair = decode_dss_signature(sign_digest(private, digest))
    return b"".join(number.to_bytes(_SCALAR, "big") for number in pair)
