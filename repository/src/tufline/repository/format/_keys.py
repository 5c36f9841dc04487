"""Keys: their ids as this format computes them, and their public part, however it is written."""

import hashlib
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from securesystemslib.signer import KEY_FOR_TYPE_AND_SCHEME, Key, SigstoreKey, SSlibKey

from tufline.repository.format._json import canonical_json

_SIGSTORE = (SigstoreKey.DEFAULT_KEY_TYPE, SigstoreKey.DEFAULT_SCHEME)


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
    KEY_FOR_TYPE_AND_SCHEME.setdefault(_SIGSTORE, SigstoreKey)


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
