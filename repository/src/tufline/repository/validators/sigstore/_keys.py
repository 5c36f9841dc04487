"""Keys of logs: do the bytes parse, are they of the kind that is named, is the log id theirs?"""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from tufline.repository.validators.sigstore._models import TransparencyLog

LogKey: TypeAlias = EllipticCurvePublicKey | Ed25519PublicKey | RSAPublicKey

_SPKI: Final = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
_PKCS1: Final = (Encoding.DER, PublicFormat.PKCS1)
_RAW: Final = (Encoding.Raw, PublicFormat.Raw)
_ED25519_NOTE: Final = b"\n\x01"  # C2SP signed-note: a line feed, and the signature type Ed25519

_EC: Final = {
    "PKIX_ECDSA_P256_SHA_256": 256,
    "PKIX_ECDSA_P256_HMAC_SHA_256": 256,
    "PKIX_ECDSA_P384_SHA_384": 384,
    "PKIX_ECDSA_P384_SHA_256": 384,
    "PKIX_ECDSA_P521_SHA_512": 521,
    "PKIX_ECDSA_P521_SHA_256": 521,
}
_ED25519: Final = frozenset({"PKIX_ED25519", "PKIX_ED25519_PH"})
_RSA: Final = {
    f"PKIX_RSA_{padding}_{size}_SHA256": size
    for padding in ("PKCS1V15", "PSS")
    for size in (2048, 3072, 4096)
}
_OLD_RSA: Final = frozenset({"PKIX_RSA_PKCS1V5", "PKIX_RSA_PSS"})
_PKCS1_RSA: Final = frozenset({"PKCS1_RSA_PKCS1V5", "PKCS1_RSA_PSS"})


def spki(key: LogKey) -> bytes:
    """Return the key as SubjectPublicKeyInfo, DER."""
    return key.public_bytes(*_SPKI)


def load_key(log: TransparencyLog) -> LogKey | None:
    """Return the log's key; None where its bytes are no key that logs use."""
    try:
        key = load_der_public_key(log.public_key.raw_bytes)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return (
        key if isinstance(key, EllipticCurvePublicKey | Ed25519PublicKey | RSAPublicKey) else None
    )


def key_problems(place: str, log: TransparencyLog) -> Iterator[str]:
    """Yield what is wrong with a log's key and its id."""
    key, details = load_key(log), log.public_key.key_details
    if key is None:
        yield f"{place}.publicKey.rawBytes is no public key; copy the log's key anew"
        return
    if log.public_key.raw_bytes != key.public_bytes(*(_PKCS1 if details in _PKCS1_RSA else _SPKI)):
        yield f"{place}.publicKey.rawBytes is not in the form of {details}; copy the key anew"
    if not _fits(key, details):
        found = f"{place}.publicKey.keyDetails says {details or 'nothing'}"
        yield f"{found}, but the key is {_named(key)}; correct one of them"
    yield from _id_problems(place, log, key)


def _id_problems(place: str, log: TransparencyLog, key: LogKey) -> Iterator[str]:
    wanted = _ids(log.base_url, key)
    for member, log_id in (("logId", log.log_id), ("checkpointKeyId", log.checkpoint_key_id)):
        if log_id is None or log_id.key_id in wanted:
            continue
        if member == "checkpointKeyId" and log_id.key_id in {each[:4] for each in wanted}:
            continue
        given, right = b64encode(log_id.key_id).decode(), b64encode(wanted[0]).decode()
        yield (
            f"{place}.{member}.keyId is {given}, but that of the key for {log.base_url} is {right};"
            " correct the id, the key or the URL"
        )


def _ids(base_url: str, key: LogKey) -> list[bytes]:
    """Return the ids that files give the key; what new logs use comes first.

    Rekor v2 with Ed25519 names its key as its signed notes do, by its origin too.
    """
    digest = sha256(spki(key)).digest()
    if not isinstance(key, Ed25519PublicKey):
        return [digest]
    raw, parts = key.public_bytes(*_RAW), urlsplit(base_url)
    host, path = parts.netloc, parts.path.rstrip("/")
    origins = dict.fromkeys([parts.hostname or "", host, f"{host}{path}"])
    return [*(sha256(each.encode() + _ED25519_NOTE + raw).digest() for each in origins), digest]


def _fits(key: LogKey, details: str) -> bool:
    if isinstance(key, EllipticCurvePublicKey):
        return _EC.get(details) == key.key_size and key.curve.name.startswith("secp")
    if isinstance(key, Ed25519PublicKey):
        return details in _ED25519
    return details in _OLD_RSA | _PKCS1_RSA or _RSA.get(details) == key.key_size


def _named(key: LogKey) -> str:
    if isinstance(key, EllipticCurvePublicKey):
        return f"an ECDSA key on {key.curve.name}"
    if isinstance(key, Ed25519PublicKey):
        return "an Ed25519 key"
    return f"an RSA key of {key.key_size} bits"
