"""What a device says of a key that was made in it, and why to believe it (PIV attestation).

A YubiKey has a key in slot f9 that signs certificates for keys that were made inside it, and
nothing else. Its vendor signed a certificate for that key. So two certificates prove to whoever
knows the vendor that the private key cannot leave the device, and what the device asks for before
it signs:

    the vendor's certificate -> slot f9's certificate -> the certificate of the signing slot

`read_attestation` takes the two from a token. `verify_attestation` judges them without a token, a
network or a clock, so it serves co-signers as well. Not covered: revocation, which the vendor does
not publish for these, and imported keys, which no device attests.
"""

import warnings
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Final

from securesystemslib.signer import Key, SSlibKey

from tufline.repository.errors import Refusal
from tufline.repository.format import key_material
from tufline.signer.keys._errors import TokenFailure
from tufline.signer.keys._plugged_in import PluggedIn, in_words
from tufline.signer.keys._slots import slot_of

if TYPE_CHECKING:
    import pkcs11
    from cryptography.x509 import Certificate, Extensions

# Yubico, "PIV attestation": the extensions of these certificates
_ARC: Final = "1.3.6.1.4.1.41482.3"
_FIRMWARE: Final = f"{_ARC}.3"  # three bytes
_SERIAL: Final = f"{_ARC}.7"  # a DER INTEGER
_POLICY: Final = f"{_ARC}.8"  # two bytes, PIN and touch

_INTEGER: Final = 2  # the tag, X.690 section 8.3
_HASHES: Final = frozenset({"sha256", "sha384", "sha512"})
_LABEL: Final = "X.509 Certificate for PIV Attestation"  # as ykcs11 names these objects
_DEVICE_OBJECT: Final = b"\x19"  # slot f9


class PinPolicy(Enum):
    """When the device asks for its PIN, or for a finger that it knows."""

    NEVER = 1
    ONCE = 2
    ALWAYS = 3
    MATCH_ONCE = 4
    MATCH_ALWAYS = 5


class TouchPolicy(Enum):
    """When the device waits for a touch. Cached: not within 15 seconds of the last one."""

    NEVER = 1
    ALWAYS = 2
    CACHED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Attestation:
    """Two certificates in DER, as a token gives them. They prove nothing until verified.

    Attributes:
        device: slot f9's, signed by the vendor.
        key: the signing slot's, signed by slot f9.
    """

    device: bytes
    key: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Attested:
    """What is known of a key, and of the device it was made in, once that was verified."""

    serial: int
    firmware: str
    pin: PinPolicy
    touch: TouchPolicy


class BadAttestation(Refusal):
    """An attestation does not prove what it says."""

    hint = (
        "is it of this key, made on the device (imported keys are not attested), and does the file "
        "of vendors have the vendor's certificates?"
    )

    def __init__(self, fault: str) -> None:
        super().__init__(f"the attestation is not accepted: {fault}")


def read_attestation(plugged: PluggedIn, number: int) -> Attestation | None:
    """Return what a token says of the key with this object id, None if it says nothing.

    Needs no PIN. Raises `TokenFailure`.
    """
    import pkcs11  # noqa: PLC0415 - only who uses a token needs the library
    from pkcs11.util import biginteger  # noqa: PLC0415 - as above

    slot = slot_of(number)
    if slot is None or not plugged.yubico:
        return None
    try:
        with plugged.token.open() as session:
            device = _read(session, _DEVICE_OBJECT, _LABEL)
            key = _read(session, biginteger(number), f"{_LABEL} {slot}")
    except pkcs11.PKCS11Error as error:
        raise TokenFailure(plugged.name, in_words(error)) from error
    return Attestation(device=device, key=key) if device and key else None


def verify_attestation(
    attestation: Attestation, key: Key, *, vendors: bytes, now: datetime
) -> Attested:
    """Return what is proven of `key`; raise `BadAttestation`.

    Args:
        attestation: what the token gave.
        key: the key in the metadata, which must be the one that is attested.
        vendors: PEM certificates. Each is trusted to vouch for devices, so a vendor's
            intermediate is named as such; its root alone does not vouch for it here.
        now: when all certificates must be valid.
    """
    device = _certificate(attestation.device, "slot f9's certificate")
    attested = _certificate(attestation.key, "the key's certificate")
    vendor = _vendor_of(device, vendors)
    for each in (vendor, device, attested):
        _expect_valid(each, now)
    for each in (vendor, device):
        _expect_authority(each)
    if not _issued(attested, device):
        raise BadAttestation("slot f9 of that device did not sign it")
    _expect_same_key(attested, key)
    return _said(attested)


def _read(session: "pkcs11.Session", name: bytes, label: str) -> bytes | None:
    """Return the certificate with this id and label: the key's own one has the same id."""
    from pkcs11 import Attribute, ObjectClass  # noqa: PLC0415 - as above

    wanted = {
        Attribute.CLASS: ObjectClass.CERTIFICATE,
        Attribute.ID: name,
        Attribute.LABEL: label,
    }
    found = list(session.get_objects(wanted))
    return bytes(found[0][Attribute.VALUE]) if found else None


def _certificate(der: bytes, what: str) -> "Certificate":
    from cryptography.utils import CryptographyDeprecationWarning  # noqa: PLC0415 - slow to import
    from cryptography.x509 import InvalidVersion, load_der_x509_certificate  # noqa: PLC0415 - as above

    try:
        with warnings.catch_warnings():  # of numbers that are not as they should be: no matter here
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            return load_der_x509_certificate(der)
    except (ValueError, InvalidVersion) as error:
        raise BadAttestation(f"{what} is damaged") from error


def _vendor_of(device: "Certificate", vendors: bytes) -> "Certificate":
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - as above

    try:
        known = load_pem_x509_certificates(vendors)
    except ValueError as error:
        raise BadAttestation("the file of vendors holds no PEM certificates") from error
    for each in known:
        if _issued(device, each):
            return each
    raise BadAttestation("no vendor that is trusted signed slot f9's certificate")


def _issued(certificate: "Certificate", issuer: "Certificate") -> bool:
    from cryptography.exceptions import (  # noqa: PLC0415 - as above
        InvalidSignature,
        UnsupportedAlgorithm,
    )

    try:
        digested = certificate.signature_hash_algorithm
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return digested is not None and digested.name in _HASHES


def _expect_valid(certificate: "Certificate", now: datetime) -> None:
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        name = certificate.subject.rfc4514_string()
        raise BadAttestation(f"the certificate {name} is not valid at this time")


def _expect_authority(certificate: "Certificate") -> None:
    from cryptography.x509 import BasicConstraints  # noqa: PLC0415 - as above

    constraints = [each.value for each in _extensions(certificate)]
    if not any(isinstance(each, BasicConstraints) and each.ca for each in constraints):
        name = certificate.subject.rfc4514_string()
        raise BadAttestation(f"the certificate {name} may not vouch for others")


def _expect_same_key(attested: "Certificate", key: Key) -> None:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - as above

    try:
        there = key_material(SSlibKey.from_crypto(attested.public_key()))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadAttestation("it is of a kind of key that does not sign metadata") from error
    if there is None or there != key_material(key):
        raise BadAttestation("it is of another key")


def _said(attested: "Certificate") -> Attested:
    from cryptography.x509 import UnrecognizedExtension  # noqa: PLC0415 - as above

    values = {
        each.oid.dotted_string: each.value.value
        for each in _extensions(attested)
        if isinstance(each.value, UnrecognizedExtension)
    }
    firmware, policy = values.get(_FIRMWARE, b""), values.get(_POLICY, b"")
    if len(firmware) != len(("major", "minor", "patch")):
        raise BadAttestation("it does not say which firmware the device has")
    if len(policy) != len(("PIN", "touch")):
        raise BadAttestation("it does not say when the device asks for PIN and touch")
    try:
        return Attested(
            serial=_integer(values.get(_SERIAL, b"")),
            firmware=".".join(map(str, firmware)),
            pin=PinPolicy(policy[0]),
            touch=TouchPolicy(policy[1]),
        )
    except ValueError as error:  # what no device wrote so far
        raise BadAttestation(str(error)) from error


def _integer(der: bytes) -> int:
    """Return a number of less than 127 bytes; raise `ValueError`."""
    if len(der) <= len(("tag", "length")) or der[0] != _INTEGER or der[1] != len(der[2:]):
        raise ValueError("it does not say which serial number the device has")
    return int.from_bytes(der[2:], "big")


def _extensions(certificate: "Certificate") -> "Extensions":
    from cryptography.x509 import DuplicateExtension  # noqa: PLC0415 - as above

    try:
        return certificate.extensions
    except (ValueError, DuplicateExtension) as error:
        raise BadAttestation("a certificate is damaged") from error
