"""A certificate authority for tests: the hosts that it names are whatever serves on loopback."""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of tests")])


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """A private key and the certificate for it, as PEM."""

    key: bytes
    certificate: bytes


class Authority:
    """Makes certificates; `file` holds what clients must trust."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = generate_private_key(SECP256R1())
        self.file = folder / "authority.pem"
        limits = x509.BasicConstraints(ca=True, path_length=0)
        certificate = self._certify(_NAME, self._key.public_key(), limits, critical=True)
        self.file.write_bytes(certificate.public_bytes(Encoding.PEM))

    def identity(self, hosts: Iterable[str]) -> Identity:
        """Return a new key for a server of these host names."""
        key = generate_private_key(SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        certificate = self._certify(x509.Name([]), key.public_key(), names, critical=True)
        return Identity(key=_pem(key), certificate=certificate.public_bytes(Encoding.PEM))

    def server_context(self, hosts: Iterable[str]) -> ssl.SSLContext:
        """Return what serves TLS as these hosts."""
        identity = self.identity(hosts)
        file = self._folder / "server.pem"
        file.write_bytes(identity.key + identity.certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _certify(
        self,
        subject: x509.Name,
        key: EllipticCurvePublicKey,
        extension: x509.ExtensionType,
        *,
        critical: bool,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(
            issuer_name=_NAME,
            subject_name=subject,
            public_key=key,
            serial_number=x509.random_serial_number(),
            not_valid_before=now - timedelta(days=1),
            not_valid_after=now + timedelta(days=2),
        )
        identifiers: tuple[x509.ExtensionType, ...] = (
            x509.SubjectKeyIdentifier.from_public_key(key),
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
        )
        builder = builder.add_extension(extension, critical=critical)
        for each in identifiers:
            builder = builder.add_extension(each, critical=False)
        return builder.sign(self._key, SHA256())


def _pem(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
