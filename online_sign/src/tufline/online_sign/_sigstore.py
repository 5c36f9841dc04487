"""Signs with a Sigstore identity, such as a workflow's, and verifies such signatures offline.

Whom to trust and where to sign is pinned: it is what the repository itself delivers to Sigstore
clients, as its known good has it. securesystemslib's own signer and key know Sigstore's public
instance only, and ask the network whom to trust each time that they verify.

    trust = pinned_trust(known_good)
    signature = IdentitySigner(key, trust, ambient_token).sign(payload)
    IdentityKeys(trust).verify(key, signature, payload)     # without the network

`verifier` says whose word for that trust is taken.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, TypeAlias

from securesystemslib.exceptions import UnsupportedLibraryError
from securesystemslib.signer import Key, SecretsHandler, Signature, Signer, SigstoreKey

from tufline.online_sign._failure import OnlineKeyFailed, one_line
from tufline.repository.errors import UserError
from tufline.repository.format import artifact_path, is_sigstore_key
from tufline.repository.review import KeyVerifier, LocalKeys
from tufline.repository.state import State

if TYPE_CHECKING:
    from sigstore.models import ClientTrustConfig
    from sigstore.verify import Verifier

TRUSTED_ROOT: Final = "trusted_root.json"
SIGNING_CONFIG: Final = "signing_config.v0.2.json"
_MEDIA_TYPE: Final = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"
_BUNDLE: Final = "bundle"
TOKEN_VARIABLE: Final = "SIGSTORE_ID_TOKEN"  # noqa: S105 - the name of a variable, no secret
_URI: Final = "sigstore:"
_NO_TOKEN: Final = (
    f"the machine gives no identity; grant `id-token: write` to the job, or set {TOKEN_VARIABLE}"
)

Token: TypeAlias = Callable[[], str]
"""Returns a fresh OpenID Connect token that says who we are; raises where there is none."""


class NoPinnedTrust(UserError):
    """The repository does not deliver what a Sigstore signer needs."""

    hint = "add trusted_root.json and signing_config.v0.2.json by a signing event first"

    def __init__(self, artifact: str) -> None:
        super().__init__(f"main has no artifact {artifact}")


@dataclass(frozen=True, kw_only=True)
class PinnedTrust:
    """The two files of a Sigstore instance."""

    trusted_root: bytes
    signing_config: bytes

    @cached_property
    def config(self) -> "ClientTrustConfig":
        """Both, as sigstore-python takes them. Raise its errors where they are not sound."""
        from sigstore.models import ClientTrustConfig  # noqa: PLC0415 - an extra, slow to import

        both = {
            "mediaType": _MEDIA_TYPE,
            "trustedRoot": json.loads(self.trusted_root),
            "signingConfig": json.loads(self.signing_config),
        }
        return ClientTrustConfig.from_json(json.dumps(both))


def pinned_trust(known_good: State, folder: str = "") -> PinnedTrust:
    """Return what known good delivers in a folder of artifacts; raise `NoPinnedTrust`."""
    found = {}
    for name in (TRUSTED_ROOT, SIGNING_CONFIG):
        artifact = f"{folder}/{name}" if folder else name
        data = known_good.read(artifact_path(artifact))
        if data is None:
            raise NoPinnedTrust(artifact)
        found[name] = data
    return PinnedTrust(trusted_root=found[TRUSTED_ROOT], signing_config=found[SIGNING_CONFIG])


def ambient_token() -> str:
    """Return the token that `SIGSTORE_ID_TOKEN` holds, or the machine gives to the job.

    GitHub gives one to jobs with the permission `id-token: write`, for the audience `sigstore`.
    """
    from sigstore.oidc import IdentityError, detect_credential  # noqa: PLC0415 - as above

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


class PinnedIdentity(SigstoreKey):
    """An identity, with the trust by which it signs. As metadata it is the identity alone."""

    def __init__(self, key: Key, trust: PinnedTrust) -> None:
        super().__init__(key.keyid, key.keytype, key.scheme, key.keyval, key.unrecognized_fields)
        self.trust = trust


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
        from sigstore.oidc import IdentityToken  # noqa: PLC0415 - as above
        from sigstore.sign import SigningContext  # noqa: PLC0415 - as above

        context = SigningContext.from_trust_config(self._trust.config)
        with context.signer(IdentityToken(self._token())) as signer:
            bundle = json.loads(signer.sign_artifact(payload).to_json())
        signed = bundle["messageSignature"]["signature"]
        signature = Signature(self._key.keyid, signed, {_BUNDLE: bundle})
        if not IdentityKeys(self._trust).verify(self._key, signature, payload):
            identity = self._key.keyval.get("identity")
            raise OnlineKeyFailed(_URI, f"what was signed is not signed by {identity}")
        return signature


@dataclass(frozen=True)
class IdentityKeys:
    """Verifies signatures of Sigstore identities with a pinned trust, others by `otherwise`.

    A `KeyVerifier`: nothing is asked of the network, and any failure is a "no".
    """

    trust: PinnedTrust
    otherwise: KeyVerifier = field(default_factory=LocalKeys)

    @cached_property
    def _verifier(self) -> "Verifier":
        from sigstore.verify import Verifier  # noqa: PLC0415 - as above

        return Verifier(trusted_root=self.trust.config.trusted_root)

    def verify(self, key: Key, signature: Signature, payload: bytes) -> bool:
        """Return whether `signature` is the key's over `payload`."""
        if not is_sigstore_key(key):
            return self.otherwise.verify(key, signature, payload)
        try:
            self._expect(key, signature, payload)
        except Exception:  # noqa: BLE001 - hostile key or bundle: any failure is a "no"
            return False
        return True

    def _expect(self, key: Key, signature: Signature, payload: bytes) -> None:
        from sigstore.models import Bundle  # noqa: PLC0415 - as above
        from sigstore.verify.policy import Identity  # noqa: PLC0415 - as above

        given = signature.unrecognized_fields[_BUNDLE]
        if given["messageSignature"]["signature"] != signature.signature:
            raise ValueError("the bundle is of another signature")
        wanted = Identity(identity=key.keyval["identity"], issuer=key.keyval["issuer"])
        bundle = Bundle.from_json(json.dumps(given))
        self._verifier.verify_artifact(payload, bundle, wanted)
        certificate = bundle.signing_certificate
        span = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        for entry in given["verificationMaterial"]["tlogEntries"]:
            self._expect_in_time(entry["logId"]["keyId"], *span)

    def _expect_in_time(self, log: str, start: datetime, end: datetime) -> None:
        """Raise `ValueError` unless the log was trusted while the signing key was certified.

        sigstore-python takes entries of logs that had ended, whose keys may be anybody's by now.
        """
        logs = json.loads(self.trust.trusted_root)["tlogs"]
        spans = [each["publicKey"]["validFor"] for each in logs if each["logId"]["keyId"] == log]
        if not any(_overlaps(each, start, end) for each in spans):
            raise ValueError("the log was not trusted then")


def _overlaps(span: Mapping[str, str], start: datetime, end: datetime) -> bool:
    """Whether a span of protobuf, perhaps without an end, overlaps another."""
    begun = datetime.fromisoformat(span["start"]) <= end
    return begun and ("end" not in span or datetime.fromisoformat(span["end"]) >= start)
