"""Making keys: in files, and on tokens. Nothing is ever overwritten."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from securesystemslib.signer import Key, SSlibKey

from tufline.signer.keys._errors import NoKeyOnToken, WrongPin
from tufline.signer.keys._file_errors import (
    CannotMakeKey,
    FileExists,
    FileNotWritten,
    SlotTaken,
    WeakPassphrase,
)
from tufline.signer.keys._files import public_file_of
from tufline.signer.keys._plugged_in import PluggedIn, TokenKey, in_words, keys_of
from tufline.signer.keys._slots import slot_in_words
from tufline.signer.keys._tokens import token_failures

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from pkcs11 import Session

FILE_KINDS: Final = ("p256", "p384", "ed25519", "ml-dsa-44", "ml-dsa-65", "ml-dsa-87")
TOKEN_KINDS: Final = {"p256": "secp256r1", "p384": "secp384r1"}
LEAST_PASSPHRASE: Final = 12  # characters: PKCS#8 as OpenSSL reads it makes each guess cheap
# Firmware 5.3, as ykcs11 writes it (5.4.3 is 5, 43): older YubiKeys hide keys without certificate.
_SHOWS_ALL_KEYS: Final = (5, 30)


def make_file(file: Path, kind: str, passphrase: str | None) -> Key:
    """Make a private key in a new file (mode 0600), and `FILE.pub`; return the public key.

    Raise `FileExists`, `FileNotWritten`, `WeakPassphrase`; nothing is made then.
    """
    if passphrase is not None and len(passphrase) < LEAST_PASSPHRASE:
        raise WeakPassphrase(LEAST_PASSPHRASE)
    for each in (file, public_file_of(file)):
        if each.exists():
            raise FileExists(each)
    private = _generate(kind)
    _write(public_file_of(file), _public_pem(private), mode=0o644)
    try:
        _write(file, _private_pem(private, passphrase), mode=0o600)
    except Exception:
        public_file_of(file).unlink()
        raise
    return SSlibKey.from_crypto(private.public_key())


def expect_free(plugged: PluggedIn, number: int) -> None:
    """Raise `SlotTaken` or `CannotMakeKey` for what can be seen without a PIN."""
    place = plugged.place(number)
    if plugged.yubico and plugged.token.firmware_version < _SHOWS_ALL_KEYS:
        raise CannotMakeKey(place, "this YubiKey does not tell whether the slot is empty")
    with token_failures(plugged, number), plugged.token.open() as session:
        _expect_free(session, plugged, number)


def make_on_token(plugged: PluggedIn, number: int, kind: str, secret: str) -> TokenKey:
    """Make a key in a slot; raise `SlotTaken`, `CannotMakeKey` and what tokens raise.

    `secret` is the PIN, for a YubiKey its management key (ykcs11 logs in as "security officer").
    """
    plugged.expect_unlocked()
    try:
        _make(plugged, number, kind, secret)
    except WrongPin as error:
        if not plugged.yubico:
            raise
        place = plugged.place(number)
        raise CannotMakeKey(place, "this is not its management key") from error
    for each in keys_of(plugged):
        if each.number == number:
            return each
    raise NoKeyOnToken(plugged.name, slot_in_words(number))


def _make(plugged: PluggedIn, number: int, kind: str, secret: str) -> None:
    import pkcs11  # noqa: PLC0415 - only who uses a token needs the library

    pin, management = (None, secret) if plugged.yubico else (secret, None)
    with (
        token_failures(plugged, number),
        plugged.token.open(rw=True, user_pin=pin, so_pin=management) as session,
    ):
        _expect_free(session, plugged, number)
        try:
            _generate_on(session, number, TOKEN_KINDS[kind])
        except pkcs11.PKCS11Error as error:
            raise CannotMakeKey(plugged.place(number), in_words(error)) from error


def _expect_free(session: "Session", plugged: PluggedIn, number: int) -> None:
    from pkcs11 import Attribute  # noqa: PLC0415 - as above
    from pkcs11.util import biginteger  # noqa: PLC0415 - as above

    if any(session.get_objects({Attribute.ID: biginteger(number)})):
        raise SlotTaken(plugged.place(number))


def _generate_on(session: "Session", number: int, curve: str) -> None:
    from pkcs11 import Attribute, KeyType  # noqa: PLC0415 - as above
    from pkcs11.util import biginteger  # noqa: PLC0415 - as above
    from pkcs11.util.ec import encode_named_curve_parameters  # noqa: PLC0415 - as above

    terms = {Attribute.EC_PARAMS: encode_named_curve_parameters(curve)}
    parameters = session.create_domain_parameters(KeyType.EC, terms, local=True)
    parameters.generate_keypair(
        store=True,
        id=biginteger(number),
        label="tufline",
        public_template={Attribute.PRIVATE: False},  # read without a PIN: `tufline key list`
    )


def _generate(kind: str) -> "PrivateKeyTypes":
    from cryptography.hazmat.primitives.asymmetric import (  # noqa: PLC0415 - slow to import
        ec,
        ed25519,
        mldsa,
    )

    match kind:
        case "p256":
            return ec.generate_private_key(ec.SECP256R1())
        case "p384":
            return ec.generate_private_key(ec.SECP384R1())
        case "ed25519":
            return ed25519.Ed25519PrivateKey.generate()
        case "ml-dsa-44":
            return mldsa.MLDSA44PrivateKey.generate()
        case "ml-dsa-65":
            return mldsa.MLDSA65PrivateKey.generate()
        case _:
            return mldsa.MLDSA87PrivateKey.generate()


def _private_pem(private: "PrivateKeyTypes", passphrase: str | None) -> bytes:
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - as above

    encryption: form.KeySerializationEncryption = form.NoEncryption()
    if passphrase is not None:
        encryption = form.BestAvailableEncryption(passphrase.encode())
    return private.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, encryption)


def _public_pem(private: "PrivateKeyTypes") -> bytes:
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - as above

    public = private.public_key()
    return public.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)


def _write(file: Path, data: bytes, *, mode: int) -> None:
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError as error:
        raise FileExists(file) from error
    except OSError as error:
        raise FileNotWritten(file, (error.strerror or str(error)).lower()) from error
