"""Attestation as Yubico does it: a vendor's root, a key in slot f9 of each device, and its word.

The certificates look like the real ones: the same extensions (OID 1.3.6.1.4.1.41482.3), a subject
that names the slot. The root is ours, so they prove nothing outside of tests.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.types import (
    CertificateIssuerPrivateKeyTypes,
    CertificatePublicKeyTypes,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import (
    BasicConstraints,
    Certificate,
    CertificateBuilder,
    Name,
    NameAttribute,
    ObjectIdentifier,
    UnrecognizedExtension,
    random_serial_number,
)
from cryptography.x509.oid import NameOID
from tests.support.yubikey._device import Device, PinPolicy, TouchPolicy

_ARC = "1.3.6.1.4.1.41482.3"
FIRMWARE = ObjectIdentifier(f"{_ARC}.3")  # three bytes
SERIAL = ObjectIdentifier(f"{_ARC}.7")  # a DER INTEGER
POLICY = ObjectIdentifier(f"{_ARC}.8")  # two bytes: of PIN and of touch

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
UNTIL = datetime(2050, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Authority:
    """A key and its certificate, which vouches for others."""

    key: CertificateIssuerPrivateKeyTypes
    certificate: Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def issue(
        self,
        name: str,
        *,
        key: EllipticCurvePrivateKey | RSAPrivateKey | None = None,
        ca: bool = True,
        until: datetime = UNTIL,
    ) -> "Authority":
        """Return a key, a new one if there is none yet, with a certificate by this one."""
        key = key or generate_private_key(SECP256R1())
        draft = _draft(name, self.certificate.subject, key.public_key(), until)
        draft = draft.add_extension(BasicConstraints(ca=ca, path_length=None), critical=True)
        return Authority(key=key, certificate=draft.sign(self.key, SHA256()))

    def attest(
        self,
        slot: int,
        public: EllipticCurvePublicKey,
        *,
        device: Device,
        policy: tuple[PinPolicy, TouchPolicy],
        until: datetime = UNTIL,
    ) -> bytes:
        """Return the certificate (DER) of a key that was made in `slot`, as slot f9 writes it."""
        return self.say(slot, public, extensions(device, policy), until=until)

    def say(
        self,
        slot: int,
        public: CertificatePublicKeyTypes,
        values: dict[ObjectIdentifier, bytes],
        *,
        until: datetime = UNTIL,
    ) -> bytes:
        """Return such a certificate that says anything."""
        name = f"YubiKey PIV Attestation {slot:02x}"
        draft = _draft(name, self.certificate.subject, public, until)
        for oid, value in values.items():
            draft = draft.add_extension(UnrecognizedExtension(oid, value), critical=False)
        return draft.sign(self.key, SHA256()).public_bytes(Encoding.DER)


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """Who makes devices, and vouches for each with a certificate for its slot f9."""

    root: Authority = field(default_factory=lambda: make_root("Vendor PIV Root CA Serial 1"))

    def make(self, *, until: datetime = UNTIL) -> Authority:
        """Return what is in slot f9 of a new device."""
        return self.root.issue("Yubico PIV Attestation", until=until)


def extensions(
    device: Device, policy: tuple[PinPolicy, TouchPolicy]
) -> dict[ObjectIdentifier, bytes]:
    """Return what an attestation says."""
    serial = device.serial.to_bytes(device.serial.bit_length() // 8 + 1, "big")
    return {
        FIRMWARE: bytes(device.firmware),
        SERIAL: bytes([0x02, len(serial)]) + serial,
        POLICY: bytes(policy),
    }


def make_root(name: str, *, until: datetime = UNTIL) -> Authority:
    """Return an authority that vouches for itself."""
    key = generate_private_key(SECP256R1())
    draft = _draft(name, _name(name), key.public_key(), until)
    draft = draft.add_extension(BasicConstraints(ca=True, path_length=None), critical=True)
    return Authority(key=key, certificate=draft.sign(key, SHA256()))


def self_signed(key: EllipticCurvePrivateKey, name: str) -> bytes:
    """Return the certificate (DER) that tools put beside a new key: nobody vouches for it."""
    draft = _draft(name, _name(name), key.public_key(), UNTIL)
    return draft.sign(key, SHA256()).public_bytes(Encoding.DER)


def _draft(
    name: str, issuer: Name, public: CertificatePublicKeyTypes, until: datetime
) -> CertificateBuilder:
    return (
        CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(random_serial_number())
        .not_valid_before(SINCE)
        .not_valid_after(until)
    )


def _name(name: str) -> Name:
    return Name([NameAttribute(NameOID.COMMON_NAME, name)])
