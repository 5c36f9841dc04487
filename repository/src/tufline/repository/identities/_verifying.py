"""Verifies what identities signed, by a pinned trust and without the network.

securesystemslib's own key knows Sigstore's public instance only, and asks the network whom to trust
each time that it verifies.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

from securesystemslib.signer import Key, Signature

from tufline.repository.format import is_sigstore_key
from tufline.repository.identities._trust import PinnedTrust
from tufline.repository.review import KeyVerifier, LocalKeys

if TYPE_CHECKING:
    from sigstore.verify import Verifier

BUNDLE: Final = "bundle"


@dataclass(frozen=True)
class IdentityKeys:
    """Verifies signatures of Sigstore identities with a pinned trust, others by `otherwise`.

    A `KeyVerifier`: nothing is asked of the network, and any failure is a "no".
    """

    trust: PinnedTrust
    otherwise: KeyVerifier = field(default_factory=LocalKeys)

    @cached_property
    def _verifier(self) -> "Verifier":
        from sigstore.verify import Verifier  # noqa: PLC0415 - an extra, slow to import

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

        given = signature.unrecognized_fields[BUNDLE]
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
