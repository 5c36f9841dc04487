"""A timestamp authority (RFC 3161): OpenSSL's, behind HTTP."""

import base64
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.support.sigstore._certificates import new_authority, new_time_stamper
from tests.support.sigstore._http import Answer, Request, Route

_CONFIG = """\
[tsa]
default_tsa = local
[local]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.57264.2
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = yes
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""
# No "certs" there: of two certificates OpenSSL makes an unsorted set, which strict readers refuse.

PATH = "/api/v1/timestamp"


class TimestampAuthority:
    """Stamps hashes. Keeps its files in `folder`."""

    def __init__(self, folder: Path) -> None:
        root = new_authority("tsa-root")
        signer = new_time_stamper(root)
        self.chain = (signer.der, root.der)
        self._folder = folder
        self._lock = threading.Lock()
        key = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        folder.mkdir(parents=True)
        (folder / "signer.pem").write_text(signer.pem)
        (folder / "signer.key").write_bytes(key)
        (folder / "serial").write_text("01\n")
        (folder / "config").write_text(_CONFIG.format(folder=folder))

    @property
    def routes(self) -> dict[tuple[str, str], Route]:
        return {("POST", PATH): self._stamp}

    def _stamp(self, request: Request) -> Answer:
        query, reply = self._folder / "query", self._folder / "reply"
        with self._lock:
            query.write_bytes(request.body)
            if request.headers.get("Content-Type", "").startswith("application/json"):
                _write_query(request.json, query)
            command = ["openssl", "ts", "-reply", "-config", str(self._folder / "config")]
            command += ["-queryfile", str(query), "-out", str(reply)]
            subprocess.run(command, check=True, capture_output=True)
            stamped = reply.read_bytes()
        return Answer(status=201, body=stamped, media_type="application/timestamp-reply")


def _write_query(asked: Mapping[str, Any], query: Path) -> None:
    """Write the request that JSON describes: an extension of Sigstore's timestamp authority."""
    digest = base64.b64decode(asked["artifactHash"]).hex()
    command = ["openssl", "ts", "-query", "-digest", digest, f"-{asked['hashAlgorithm']}"]
    command += ["-cert"] if asked.get("certificates") else []
    subprocess.run([*command, "-out", str(query)], check=True, capture_output=True)
