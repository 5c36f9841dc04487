"""New keys like a given one: of its type and size, written in the very form that it is written in.

Clients differ in which keys they can read at all, and in which spelling: PEM with a final newline
or without, older headers, hex. So a throwaway key keeps all of that.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.signer import KEY_TYPE_ED25519, KEY_TYPE_MLDSA, CryptoSigner

Write: TypeAlias = Callable[[Any], str]
"""Writes a public key of one kind in one form."""

_LONGEST: Final = 20_000


class CannotMake(ValueError):
    """A key that we cannot make another one of. The message says why."""


def read_public(keytype: str, text: str) -> tuple[PublicKeyTypes, Write]:
    """Return the public key, and what writes others the same way; raise `CannotMake`."""
    if len(text) > _LONGEST:
        raise CannotMake(f"its public part is {len(text)} characters long")
    try:
        public = _load(keytype, text)
    except Exception as error:  # hostile key bytes: whatever the loaders raise is a "no"
        raise CannotMake("its public part cannot be read") from error
    for write in _forms(keytype, public, text):
        if write(public) == text:
            return public, write
    raise CannotMake("its public part is written in a form of its own")


def make_like(public: PublicKeyTypes, *, keytype: str, scheme: str) -> PrivateKeyTypes:
    """Return a new private key of the kind of `public`; raise `CannotMake`."""
    match public:
        case Ed25519PublicKey():
            return Ed25519PrivateKey.generate()
        case ec.EllipticCurvePublicKey(curve=curve):
            return ec.generate_private_key(curve)
        case rsa.RSAPublicKey():
            return _rsa_like(public)
        case _ if keytype == KEY_TYPE_MLDSA:
            made = CryptoSigner.generate_mldsa(scheme=scheme)
            return load_pem_private_key(made.private_bytes, None)
        case _:
            raise CannotMake(f"it is a {type(public).__name__}")


def _load(keytype: str, text: str) -> PublicKeyTypes:
    if keytype == KEY_TYPE_ED25519:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    return load_pem_public_key(text.encode())


def _rsa_like(public: rsa.RSAPublicKey) -> rsa.RSAPrivateKey:
    try:
        return rsa.generate_private_key(public.public_numbers().e, public.key_size)
    except ValueError as error:
        raise CannotMake(f"no such RSA key can be made ({error})") from error


def _forms(keytype: str, public: PublicKeyTypes, text: str) -> Iterator[Write]:
    """Yield the ways in which such a key is written, with the line ends of `text`."""
    if keytype == KEY_TYPE_ED25519:
        yield _hex
        yield _upper_hex
        return
    body = text.rstrip()
    newline, end = "\r\n" if "\r\n" in body else "\n", text[len(body) :]
    yield partial(_pem, PublicFormat.SubjectPublicKeyInfo, newline, end)
    if isinstance(public, rsa.RSAPublicKey):
        yield partial(_pem, PublicFormat.PKCS1, newline, end)


def _hex(public: Ed25519PublicKey) -> str:
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def _upper_hex(public: Ed25519PublicKey) -> str:
    return _hex(public).upper()


def _pem(
    form: PublicFormat, newline: str, end: str, public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey
) -> str:
    text = public.public_bytes(Encoding.PEM, form).decode()
    return text.rstrip().replace("\n", newline) + end
