"""Key ids, as this format computes them."""

import hashlib

from securesystemslib.signer import KEY_FOR_TYPE_AND_SCHEME, Key, SigstoreKey

from tufline.repository.format._json import canonical_json

_SIGSTORE = (SigstoreKey.DEFAULT_KEY_TYPE, SigstoreKey.DEFAULT_SCHEME)


def content_keyid(key: Key) -> str:
    """Return the key id that belongs to the key's content, custom fields included.

    SHA-256 (hex) of the canonical JSON of the key. Some clients recompute it and refuse a key
    whose id differs (TUF specification, section 4.2), so a new key must carry exactly this id.
    """
    return hashlib.sha256(canonical_json(key.to_dict())).hexdigest()


def is_sigstore_key(key: Key) -> bool:
    """Whether the key is a Sigstore identity, whose signatures need a Sigstore trust root."""
    return (key.keytype, key.scheme) == _SIGSTORE


def is_supported_key(keytype: object, scheme: object) -> bool:
    """Whether we can read keys of this type and scheme."""
    return (keytype, scheme) == _SIGSTORE or (keytype, scheme) in KEY_FOR_TYPE_AND_SCHEME


def know_sigstore_keys() -> None:
    """Let securesystemslib read Sigstore keys, which it does not by default."""
    KEY_FOR_TYPE_AND_SCHEME.setdefault(_SIGSTORE, SigstoreKey)
