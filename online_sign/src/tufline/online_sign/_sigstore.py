"""Signs with a Sigstore identity, such as a workflow's, as online keys are signed with.

    signature = IdentitySigner(key, trust, ambient_token).sign(payload)

What it signs by, and what verifies it, is in `tufline.repository.identities`. securesystemslib's
own signer knows Sigstore's public instance only.
"""

import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import Final, TypeAlias

from securesystemslib.exceptions import UnsupportedLibraryError
from securesystemslib.signer import Key, SecretsHandler, Signature, Signer

from tufline.online_sign._failure import OnlineKeyFailed, one_line
from tufline.repository.identities import (
    TOKEN_VARIABLE,
    PinnedIdentity,
    PinnedTrust,
    SignedByAnother,
    sign_as_identity,
)

_URI: Final = "sigstore:"
_NO_TOKEN: Final = (
    f"the machine gives no identity; grant `id-token: write` to the job, or set {TOKEN_VARIABLE}"
)

Token: TypeAlias = Callable[[], str]
"""Returns a fresh OpenID Connect token that says who we are; raises where there is none."""


def ambient_token() -> str:
    """Return the token that `SIGSTORE_ID_TOKEN` holds, or the machine gives to the job.

    GitHub gives one to jobs with the permission `id-token: write`, for the audience `sigstore`.
    """
    from sigstore.oidc import (  # noqa: PLC0415 - an extra, slow to import
        IdentityError,
        detect_credential,
    )

    given = os.environ.get(TOKEN_VARIABLE, "").strip()
    if given:
        return given
    try:
        token = detect_credential()
    except IdentityError as error:
        raise OnlineKeyFailed(_URI, f"{_NO_TOKEN} ({one_line(str(error))})") from error
    if token is None:
        raise OnlineKeyFailed(_URI, _NO_TOKEN)
    return token


class IdentitySigner(Signer):
    """Signs by the identity that `token` proves; a new key for each signature."""

    def __init__(self, key: Key, trust: PinnedTrust, token: Token) -> None:
        self._key = key
        self._trust = trust
        self._token = token

    @property
    def public_key(self) -> Key:
        """The identity, as metadata has it."""
        return self._key

    @classmethod
    def from_priv_key_uri(
        cls, priv_key_uri: str, public_key: Key, secrets_handler: SecretsHandler | None = None
    ) -> "IdentitySigner":
        """Return the signer of a `PinnedIdentity`: no URI says whom to trust."""
        del secrets_handler
        if priv_key_uri != _URI:
            raise OnlineKeyFailed(priv_key_uri, f"is not {_URI}, which has no options")
        if not isinstance(public_key, PinnedIdentity):
            raise OnlineKeyFailed(priv_key_uri, "no trust is pinned for it")
        if find_spec("sigstore") is None:
            raise UnsupportedLibraryError
        return cls(public_key, public_key.trust, ambient_token)

    def sign(self, payload: bytes) -> Signature:
        """Return a signature that verifies; raise `OnlineKeyFailed`, or sigstore's errors."""
        try:
            return sign_as_identity(self._key, self._trust, self._token(), payload)
        except SignedByAnother as error:
            raise OnlineKeyFailed(_URI, str(error)) from error
