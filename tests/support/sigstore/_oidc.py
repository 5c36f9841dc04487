"""Who people are: an OpenID Connect issuer whose word the local Fulcio takes."""

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from tests.support.sigstore._http import Answer, Denied, Request, Route, json_answer

AUDIENCE = "sigstore"
_KEY_ID = "local"


def _new_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(kw_only=True)
class Issuer:
    """Gives tokens. `url` is set once it is served.

    Whoever comes by a browser is `visitor`, as one who has logged in before (RFC 6749, RFC 7636).
    """

    url: str = ""
    visitor: str = ""
    challenges: dict[str, str] = field(default_factory=dict)
    key: RSAPrivateKey = field(default_factory=_new_key)

    @property
    def routes(self) -> dict[tuple[str, str], Route]:
        return {
            ("GET", "/.well-known/openid-configuration"): self._configuration,
            ("GET", "/keys"): self._keys,
            ("GET", "/auth"): self._authorize,
            ("POST", "/token"): self._redeem,
        }

    def token(self, email: str, **claims: object) -> str:
        """Return a token for a person, valid for an hour."""
        now = int(time.time())
        said: dict[str, Any] = {
            "iss": self.url,
            "sub": email,
            "aud": AUDIENCE,
            "email": email,
            "email_verified": True,
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            **claims,
        }
        return jwt.encode(said, self.key, algorithm="RS256", headers={"kid": _KEY_ID})

    def claims(self, token: str) -> Mapping[str, Any]:
        """Return what a token of ours says; raise `Denied` for any other."""
        try:
            found: dict[str, Any] = jwt.decode(
                token, self.key.public_key(), ["RS256"], audience=AUDIENCE, issuer=self.url
            )
        except jwt.PyJWTError as error:
            raise Denied(f"the token is not ours: {error}") from error
        return found

    def _configuration(self, _: Request) -> Answer:
        return json_answer(
            {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/keys",
                "authorization_endpoint": f"{self.url}/auth",
                "token_endpoint": f"{self.url}/token",
                "response_types_supported": ["id_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    def _authorize(self, request: Request) -> Answer:
        asked = dict(parse_qsl(request.query))
        code = token_urlsafe()
        self.challenges[code] = asked["code_challenge"]
        answer = urlencode({"code": code, "state": asked["state"]})
        return Answer(status=302, body=b"", location=f"{asked['redirect_uri']}?{answer}")

    def _redeem(self, request: Request) -> Answer:
        given = dict(parse_qsl(request.body.decode()))
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if self.challenges.pop(given["code"], None) != challenge:
            raise Denied("the code is not of this visitor")
        return json_answer({"access_token": self.token(self.visitor), "token_type": "Bearer"})

    def _keys(self, _: Request) -> Answer:
        numbers = self.key.public_key().public_numbers()
        key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": _KEY_ID}
        key |= {"n": _number(numbers.n), "e": _number(numbers.e)}
        return Answer(body=json.dumps({"keys": [key]}).encode())


def _number(value: int) -> str:
    data = value.to_bytes((value.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
