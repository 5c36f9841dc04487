"""A small Fulcio: certifies for ten minutes that a key is held by whom a token names (API v2)."""

import base64
import struct
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509.oid import ObjectIdentifier
from tests.support.sigstore._certificates import Holder, leaf_builder, new_authority, spki, tlv
from tests.support.sigstore._ct import CertificateLog
from tests.support.sigstore._http import Answer, Denied, Request, Route, json_answer
from tests.support.sigstore._oidc import Issuer

_PROMISES = ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")


class Fulcio:
    """A certificate authority whose certificates carry the log's promise."""

    def __init__(self, issuer: Issuer, log: CertificateLog) -> None:
        self.authority: Holder = new_authority("fulcio")
        self._issuer = issuer
        self._log = log

    @property
    def routes(self) -> dict[tuple[str, str], Route]:
        return {("POST", "/api/v2/signingCert"): self._certify}

    def _certify(self, request: Request) -> Answer:
        asked = request.json
        claims = self._issuer.claims(_token(request, asked))
        key = _proven_key(asked, claims)
        chain = [self._issue(key, claims).pem, self.authority.pem]
        return json_answer({"signedCertificateEmbeddedSct": {"chain": {"certificates": chain}}})

    def _issue(self, key: EllipticCurvePublicKey, claims: Mapping[str, Any]) -> Holder:
        workflow = claims.get("workflow")  # what Fulcio makes of a forge's claims, in one
        names: list[x509.GeneralName] = [x509.RFC822Name(claims["email"])]
        if workflow is not None:
            names = [x509.UniformResourceIdentifier(workflow)]
        builder = leaf_builder(key, self.authority, names, claims["iss"])
        unsigned = builder.sign(self.authority.key, SHA256()).tbs_certificate_bytes
        promise = self._log.promise(unsigned, spki(self.authority.key.public_key()))
        listed = struct.pack("!H", len(promise)) + promise
        listed = struct.pack("!H", len(listed)) + listed
        extension = x509.UnrecognizedExtension(_PROMISES, tlv(0x04, listed))
        certificate = builder.add_extension(extension, critical=False)
        return Holder(
            key=self.authority.key, certificate=certificate.sign(self.authority.key, SHA256())
        )


def _token(request: Request, asked: Mapping[str, Any]) -> str:
    header = request.headers.get("Authorization", "")
    token: str = header.removeprefix("Bearer ") or asked["credentials"]["oidcIdentityToken"]
    return token


def _proven_key(asked: Mapping[str, Any], claims: Mapping[str, Any]) -> EllipticCurvePublicKey:
    """Return the key, whose holder signed the request itself or the subject of the token."""
    if "certificateSigningRequest" in asked:
        pem = base64.b64decode(asked["certificateSigningRequest"])
        wanted = x509.load_pem_x509_csr(pem)
        if not wanted.is_signature_valid:
            raise Denied("the request is not signed with its key")
        return _expect_curve(wanted.public_key())
    given = asked["publicKeyRequest"]
    key = _expect_curve(load_pem_public_key(given["publicKey"]["content"].encode()))
    proof = base64.b64decode(given["proofOfPossession"])
    try:
        key.verify(proof, claims["email"].encode(), ECDSA(SHA256()))
    except InvalidSignature as error:
        raise Denied("the subject is not signed with the key") from error
    return key


def _expect_curve(key: object) -> EllipticCurvePublicKey:
    if not isinstance(key, EllipticCurvePublicKey):
        raise Denied("not an ECDSA key")
    return key
