"""A log of certificates that promises to take what it is given (RFC 6962), and keeps nothing.

Clients check the promise only, the signed certificate timestamp.
"""

import base64
import hashlib
import struct
import time

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from tests.support.sigstore._certificates import spki
from tests.support.sigstore._http import Answer, Request, Route, json_answer

_POISON = "1.3.6.1.4.1.11129.2.4.3"
_ECDSA_SHA256 = b"\4\3"


class CertificateLog:
    """A log with a key."""

    def __init__(self) -> None:
        self.key = generate_private_key(SECP256R1())
        self.spki = spki(self.key.public_key())
        self.log_id = hashlib.sha256(self.spki).digest()

    @property
    def routes(self) -> dict[tuple[str, str], Route]:
        return {("POST", "/ct/v1/add-pre-chain"): self._add_pre_chain}

    def promise(self, unsigned: bytes, issuer_spki: bytes) -> bytes:
        """Return the signed certificate timestamp of a certificate (TBS, DER, without it)."""
        when = int(time.time() * 1000)
        signature = self._signature(unsigned, issuer_spki, when)
        head = b"\0" + self.log_id + struct.pack("!QH", when, 0)
        return head + _ECDSA_SHA256 + struct.pack("!H", len(signature)) + signature

    def _signature(self, unsigned: bytes, issuer_spki: bytes, when: int) -> bytes:
        entry = struct.pack("!BBQH", 0, 0, when, 1) + hashlib.sha256(issuer_spki).digest()
        entry += struct.pack("!I", len(unsigned))[1:] + unsigned + b"\0\0"
        return self.key.sign(entry, ECDSA(SHA256()))

    def _add_pre_chain(self, request: Request) -> Answer:
        chain = [base64.b64decode(each) for each in request.json["chain"]]
        issuer = x509.load_der_x509_certificate(chain[1]).public_key()
        when = int(time.time() * 1000)
        signature = self._signature(_without_poison(chain[0]), spki(issuer), when)  # type: ignore[arg-type] # Fulcio's key is an elliptic curve's
        signed = _ECDSA_SHA256 + struct.pack("!H", len(signature)) + signature
        return json_answer(
            {
                "sct_version": 0,
                "id": base64.b64encode(self.log_id).decode(),
                "timestamp": when,
                "extensions": "",
                "signature": base64.b64encode(signed).decode(),
            }
        )


def _without_poison(precertificate: bytes) -> bytes:
    unsigned = asn1.Certificate.load(precertificate)["tbs_certificate"]
    kept = [each for each in unsigned["extensions"] if each["extn_id"].dotted != _POISON]
    unsigned["extensions"] = asn1.Extensions(kept)
    return bytes(unsigned.dump(force=True))
