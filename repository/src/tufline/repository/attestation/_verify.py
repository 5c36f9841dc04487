"""Judging an attestation: the chain of signatures, then what the last certificate says.

cryptography is imported when there is something to judge: it is slow to import.
"""

import warnings
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from securesystemslib.signer import Key, SSlibKey

from tufline.repository.attestation._types import (
    Attested,
    BadAttestation,
    Claims,
    PinPolicy,
    TouchPolicy,
)
from tufline.repository.format import Attestation, key_material

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, Extensions

# Yubico, "PIV attestation": the extensions of these certificates
_ARC: Final = "1.3.6.1.4.1.41482.3"
_FIRMWARE: Final = f"{_ARC}.3"  # three bytes
_SERIAL: Final = f"{_ARC}.7"  # a DER INTEGER
_POLICY: Final = f"{_ARC}.8"  # two bytes, PIN and touch

_INTEGER: Final = 2  # the tag, X.690 section 8.3
_HASHES: Final = frozenset({"sha256", "sha384", "sha512"})
_LONGEST_NAME: Final = 200  # characters that are shown


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
    device, attested = _certificates(attestation)
    vendor = _vendor_of(device, vendors)
    for each in (vendor, device, attested):
        _expect_valid(each, now)
    for each in (vendor, device):
        _expect_authority(each)
    return Attested(claims=_claims(device, attested, key), vendor=_name(vendor))


def read_claims(attestation: Attestation, key: Key) -> Claims:
    """Return what is said of `key`, where no vendor is trusted; raise `BadAttestation`.

    It must be of this key, and by the device whose certificate comes with it. Whoever made that
    certificate can say anything.
    """
    device, attested = _certificates(attestation)
    return _claims(device, attested, key)


def _certificates(attestation: Attestation) -> "tuple[Certificate, Certificate]":
    device = _certificate(attestation.device, "slot f9's certificate")
    return device, _certificate(attestation.key, "the key's certificate")


def _claims(device: "Certificate", attested: "Certificate", key: Key) -> Claims:
    if not _issued(attested, device):
        raise BadAttestation("slot f9 of that device did not sign it")
    _expect_same_key(attested, key)
    return _said(attested)


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
        raise BadAttestation("the files of vendors hold no PEM certificates") from error
    for each in known:
        if _issued(device, each):
            return each
    issuer = _name(device, "issuer")
    raise BadAttestation(
        f"no vendor that is trusted signed slot f9's certificate, whose issuer is {issuer}"
    )


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
        raise BadAttestation(f"the certificate {_name(certificate)} is not valid at this time")


def _expect_authority(certificate: "Certificate") -> None:
    from cryptography.x509 import BasicConstraints  # noqa: PLC0415 - as above

    constraints = [each.value for each in _extensions(certificate)]
    if not any(isinstance(each, BasicConstraints) and each.ca for each in constraints):
        raise BadAttestation(f"the certificate {_name(certificate)} may not vouch for others")


def _expect_same_key(attested: "Certificate", key: Key) -> None:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - as above

    try:
        there = key_material(SSlibKey.from_crypto(attested.public_key()))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadAttestation("it is of a kind of key that does not sign metadata") from error
    if there is None or there != key_material(key):
        raise BadAttestation("it is of another key")


def _said(attested: "Certificate") -> Claims:
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
        return Claims(
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
    from cryptography.x509 import (  # noqa: PLC0415 - as above
        DuplicateExtension,
        UnsupportedGeneralNameType,
    )

    try:
        return certificate.extensions
    except (ValueError, DuplicateExtension, UnsupportedGeneralNameType) as error:
        raise BadAttestation("a certificate is damaged") from error


def _name(certificate: "Certificate", whose: Literal["subject", "issuer"] = "subject") -> str:
    try:
        named = certificate.subject if whose == "subject" else certificate.issuer
        return named.rfc4514_string()[:_LONGEST_NAME]
    except ValueError as error:
        raise BadAttestation("a certificate is damaged") from error
