"""Keys: their ids as this format computes them, and their public part, however it is written."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from securesystemslib.exceptions import UnverifiedSignatureError
from securesystemslib.signer import (
    KEY_FOR_TYPE_AND_SCHEME,
    Key,
    Signature,
    SigstoreKey,
    SSlibKey,
)

from tufline.repository.format._json import canonical_json

_SIGSTORE = (SigstoreKey.DEFAULT_KEY_TYPE, SigstoreKey.DEFAULT_SCHEME)

Verify: TypeAlias = Callable[[Key, Signature, bytes], bool]
"""Whether the signature is the key's over the bytes."""

_VERIFY: Final[ContextVar[Verify | None]] = ContextVar("verify", default=None)


def content_keyid(key: Key) -> str:
    """Return the key id that belongs to the key's content, custom fields included.

    SHA-256 (hex) of the canonical JSON of the key. Some clients recompute it and refuse a key
    whose id differs (TUF specification, section 4.2), so a new key must carry exactly this id.
    """
    return hashlib.sha256(canonical_json(key.to_dict())).hexdigest()


def key_material(key: Key) -> str | None:
    """Return the public part of `key`, the same however it is written, to compare keys by.

    It is PEM (SubjectPublicKeyInfo), hex for Ed25519, the identity and issuer for Sigstore.
    None where it cannot be read as a key of the stated type and scheme.
    """
    if is_sigstore_key(key):
        return f"{key.keyval['identity']} {key.keyval['issuer']}"
    public = key.keyval.get("public")
    return _material(key.keytype, key.scheme, public) if isinstance(public, str) else None


def is_sigstore_key(key: Key) -> bool:
    """Whether the key is a Sigstore identity, whose signatures need a Sigstore trust root."""
    return (key.keytype, key.scheme) == _SIGSTORE


def is_supported_key(keytype: object, scheme: object) -> bool:
    """Whether we can read keys of this type and scheme."""
    return (keytype, scheme) == _SIGSTORE or (keytype, scheme) in KEY_FOR_TYPE_AND_SCHEME


def know_sigstore_keys() -> None:
    """Let securesystemslib read Sigstore keys, which it does not by default."""
    KEY_FOR_TYPE_AND_SCHEME[_SIGSTORE] = _Identity


@contextmanager
def identities_verified_by(verify: Verify) -> Iterator[None]:
    """Let python-tuf's client take signatures of Sigstore identities that `verify` takes.

    It asks the key itself, and there is no other place to say so. Outside of this none counts.
    """
    know_sigstore_keys()
    before = _VERIFY.set(verify)
    try:
        yield
    finally:
        _VERIFY.reset(before)


class _Identity(SigstoreKey):
    """An identity that asks no network whom to trust, as securesystemslib's own does."""

    def verify_signature(self, signature: Signature, data: bytes) -> None:
        """Raise `UnverifiedSignatureError` unless what is set here takes it."""
        verify = _VERIFY.get()
        if verify is None or not verify(self, signature, data):
            raise UnverifiedSignatureError(f"no pinned trust takes a signature by {self.keyid}")


@lru_cache(maxsize=4096)  # the same keys are named by many roles, and loading one is slow
def _material(keytype: str, scheme: str, public: str) -> str | None:
    try:
        if keytype == "ed25519":
            loaded = SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)))
        else:
            loaded = SSlibKey.from_crypto(load_pem_public_key(public.encode()))
    except Exception:  # noqa: BLE001 - hostile key bytes: whatever the loaders raise is a "no"
        return None
    text: str = loaded.keyval["public"]
    of_type = scheme == loaded.scheme or keytype == loaded.keytype == "rsa"
    return text if of_type else None
