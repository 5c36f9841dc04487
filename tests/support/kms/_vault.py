"""HashiCorp Vault or OpenBao: `read key` and `sign data` of the transit engine, Ed25519.

https://openbao.org/api-docs/secret/transit/#sign-data
"""

import base64
import json
import secrets
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.support.kms._faults import Fault
from tests.support.kms._https import Answer, Asked, Silence
from tests.support.kms._keys import EdKey, new_ed_key

HOST: Final = "vault.test"
PORT: Final = 8200
_VERSION: Final = 2


class VaultTransit:
    """Keys by name. Each was rotated once: version 2 is the newest, version 1 cannot sign."""

    def __init__(self) -> None:
        self.token = secrets.token_hex(8)
        self.keys: dict[str, EdKey] = {}
        self._first: dict[str, Ed25519PrivateKey] = {}

    def add(self, name: str) -> str:
        """Make a key; return its name."""
        self.keys[name] = new_ed_key()
        self._first[name] = Ed25519PrivateKey.generate()
        return name

    def respond(self, asked: Asked) -> Answer | Silence:
        """Answer one request."""
        if asked.headers.get("x-vault-token") != self.token:
            return _error(403, "permission denied")
        _, mount, operation, name, *_ = asked.path.strip("/").split("/")
        key = self.keys.get(name)
        if mount != "transit" or key is None:
            return _error(404)
        if (asked.method, operation) == ("GET", "keys"):
            return self._public_keys(name, key)
        if (asked.method, operation) == ("POST", "sign"):
            return _sign(key, json.loads(asked.body))
        return _error(405, "unsupported operation")

    def _public_keys(self, name: str, key: EdKey) -> Answer:
        versions = {"1": self._first[name], str(_VERSION): key.private}
        return _answer(
            {
                "name": name,
                "type": "ed25519",
                "latest_version": _VERSION,
                "min_decryption_version": _VERSION,
                "supports_signing": True,
                "keys": {number: _shown(private) for number, private in versions.items()},
            }
        )


def _sign(key: EdKey, request: dict[str, Any]) -> Answer | Silence:
    data = base64.b64decode(request["input"])
    if request.get("key_version") != _VERSION:
        said = "cannot sign with this key version: version is too old (disallowed by policy)"
        return _error(400, said)
    found = key.answer(lambda private: private.sign(data))
    if isinstance(found, Fault):
        return _fault(found)
    signature = base64.b64encode(found).decode()
    return _answer({"signature": f"vault:v{_VERSION}:{signature}", "key_version": _VERSION})


def _fault(fault: Fault) -> Answer | Silence:
    match fault:
        case Fault.DENIED:
            return _error(403, "1 error occurred:\n\t* permission denied\n\n")
        case Fault.THROTTLED:
            return _error(429, 'request path "transit/sign": rate limit quota exceeded')
        case Fault.DISABLED:
            said = "cannot sign with key version: version is too old (disallowed by policy)"
            return _error(400, said)
        case Fault.FAILED:
            return _error(500, "internal error")
        case Fault.STALLED:
            return Silence.STALL
        case _:
            return Silence.CLOSE


def _shown(private: Ed25519PrivateKey) -> dict[str, str]:
    public = private.public_key().public_bytes_raw()
    return {
        "name": "ed25519",
        "public_key": base64.b64encode(public).decode(),
        "creation_time": "2026-01-01T00:00:00Z",
    }


def _answer(data: dict[str, Any]) -> Answer:
    return Answer(status=200, body={"data": data})


def _error(status: int, *errors: str) -> Answer:
    return Answer(status=status, body={"errors": list(errors)})
