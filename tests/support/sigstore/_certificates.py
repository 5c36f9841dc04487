"""Keys and certificates of a local Sigstore."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

HOUR = timedelta(hours=1)
YEAR = timedelta(days=365)
NO_USAGE = {
    "digital_signature": False,
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "key_cert_sign": False,
    "crl_sign": False,
    "encipher_only": False,
    "decipher_only": False,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """A key and its certificate."""

    key: EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()


def spki(key: EllipticCurvePublicKey) -> bytes:
    """Return the key as SubjectPublicKeyInfo, DER."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def new_authority(
    name: str, *, usage: ObjectIdentifier | None = None, start: datetime | None = None
) -> Holder:
    """Return a self-signed certificate authority, valid for years."""
    key = generate_private_key(SECP256R1())
    certificate = (
        _builder(name, name, start or datetime.now(UTC) - HOUR, days=3650)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if usage is not None:
        certificate = certificate.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    return Holder(key=key, certificate=certificate.sign(key, SHA256()))


def new_time_stamper(authority: Holder, *, start: datetime | None = None) -> Holder:
    """Return a certificate that may sign timestamps."""
    key = generate_private_key(SECP256R1())
    stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    issuer = authority.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    certificate = (
        _builder("time-stamper", str(issuer), start or datetime.now(UTC) - HOUR, days=3000)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(stamping, critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
    )
    certificate = _with_key_identifiers(certificate, key.public_key(), authority)
    return Holder(key=key, certificate=certificate.sign(authority.key, SHA256()))


def leaf_builder(
    key: EllipticCurvePublicKey,
    authority: Holder,
    names: Sequence[x509.GeneralName],
    issuer: str,
) -> x509.CertificateBuilder:
    """Return what Fulcio certifies for ten minutes: whose key it is, and who said so."""
    now = datetime.now(UTC).replace(microsecond=0)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(authority.certificate.subject)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(minutes=10))
        .public_key(key)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=True)
        # Fulcio's extensions for the issuer: the first is plain text, the later one a UTF8String.
        .add_extension(_fulcio_extension(1, issuer.encode()), critical=False)
        .add_extension(_fulcio_extension(8, tlv(0x0C, issuer.encode())), critical=False)
    )
    return _with_key_identifiers(certificate, key, authority)


def tlv(tag: int, value: bytes) -> bytes:
    """Return a value with its tag and length, DER."""
    size = len(value)
    if size < 0x80:
        return bytes([tag, size]) + value
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + value


def _builder(subject: str, issuer: str, start: datetime, *, days: int) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "local"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{**NO_USAGE, **dict.fromkeys(allowed, True)})


def _with_key_identifiers(
    certificate: x509.CertificateBuilder, key: EllipticCurvePublicKey, authority: Holder
) -> x509.CertificateBuilder:
    issuer_key = authority.key.public_key()
    return certificate.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(key), critical=False
    ).add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)


def _fulcio_extension(number: int, value: bytes) -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(ObjectIdentifier(f"1.3.6.1.4.1.57264.1.{number}"), value)
