"""Azure Key Vault: the challenge, `Get Key` and `Sign`; and the managed identity that gives tokens.

https://learn.microsoft.com/en-us/rest/api/keyvault/keys/sign/sign
"""

import base64
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.support.kms._faults import Fault
from tests.support.kms._https import Answer, Asked, Silence
from tests.support.kms._keys import EcKey, new_ec_key, sign_digest_raw

VAULT: Final = "tests"
HOST: Final = f"{VAULT}.vault.azure.net"
RESOURCE: Final = "https://vault.azure.net"
_TENANT: Final = "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111"
_SIZE: Final = 32  # bytes of a P-256 coordinate


class ManagedIdentity:
    """What gives out tokens beside an app (version 2019-08-01 of its protocol)."""

    def __init__(self) -> None:
        self.header = secrets.token_hex(8)
        self.token = secrets.token_hex(8)

    def respond(self, asked: Asked) -> Answer | Silence:
        """Give the token to whoever knows the header."""
        query = parse_qs(urlsplit(asked.path).query)
        known = asked.headers.get("x-identity-header") == self.header
        if not known or query.get("resource") != [RESOURCE]:
            return Answer(status=400, body={"message": "no such identity"})
        body = {
            "access_token": self.token,
            "expires_on": str(int(time.time()) + 3600),
            "resource": RESOURCE,
            "token_type": "Bearer",
        }
        return Answer(status=200, body=body)


class AzureVault:
    """Keys by name, each with one version, for whoever has the identity's token."""

    def __init__(self, identity: ManagedIdentity) -> None:
        self.keys: dict[str, EcKey] = {}
        self._identity = identity
        self._version = secrets.token_hex(16)

    def add(self, name: str) -> str:
        """Make a key; return the URL of its version."""
        self.keys[name] = new_ec_key()
        return self._kid(name)

    def respond(self, asked: Asked) -> Answer | Silence:
        """Answer one request."""
        if asked.headers.get("authorization") != f"Bearer {self._identity.token}":
            challenge = f'Bearer authorization="{_TENANT}", resource="{RESOURCE}"'
            challenged = {"WWW-Authenticate": challenge}
            return _error(401, "Unauthorized", "AKV10000: no token", challenged)
        kind, name, *rest = urlsplit(asked.path).path.strip("/").split("/")
        key = self.keys.get(name) if kind == "keys" else None
        version = rest[0] if rest and rest[0] else self._version
        if key is None or version != self._version:
            said = f"A key with (name/id) {name}/{version} was not found in this key vault."
            return _error(404, "KeyNotFound", said)
        if asked.method == "GET":
            return self._public_key(name, key)
        return self._sign(name, key, json.loads(asked.body))

    def _kid(self, name: str) -> str:
        return f"https://{HOST}/keys/{name}/{self._version}"

    def _public_key(self, name: str, key: EcKey) -> Answer:
        point = key.private.public_key().public_numbers()
        jwk = {
            "kid": self._kid(name),
            "kty": "EC",
            "key_ops": ["sign", "verify"],
            "crv": "P-256",
            "x": _encode(point.x.to_bytes(_SIZE, "big")),
            "y": _encode(point.y.to_bytes(_SIZE, "big")),
        }
        attributes = {"enabled": True, "created": 1, "updated": 1}
        return Answer(status=200, body={"key": jwk, "attributes": attributes})

    def _sign(self, name: str, key: EcKey, request: Mapping[str, Any]) -> Answer | Silence:
        digest = base64.urlsafe_b64decode(request["value"] + "==")
        if request["alg"] != "ES256":
            return _error(400, "BadParameter", "only ES256 is signed here")
        found = key.answer(lambda private: sign_digest_raw(private, digest))
        if isinstance(found, Fault):
            return _fault(found)
        return Answer(status=200, body={"kid": self._kid(name), "value": _encode(found)})


def _fault(fault: Fault) -> Answer | Silence:
    match fault:
        case Fault.DENIED:
            said = "Caller is not authorized to perform action on resource."
            return _error(403, "Forbidden", said)
        case Fault.THROTTLED:
            # The library's own waits are cut short; it tries ten times before it gives up.
            soon = {"retry-after-ms": "1"}
            return _error(429, "Throttled", "Request was not processed: too many requests.", soon)
        case Fault.DISABLED:
            return _error(403, "Forbidden", "Operation sign is not allowed on a disabled key.")
        case Fault.FAILED:
            soon = {"retry-after-ms": "1"}
            return _error(500, "InternalServerError", "An internal error occurred.", soon)
        case Fault.STALLED:
            return Silence.STALL
        case _:
            return Silence.CLOSE


def _error(
    status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> Answer:
    body = {"error": {"code": code, "message": message}}
    return Answer(status=status, body=body, headers=headers or {})


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
