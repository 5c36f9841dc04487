"""Who signed a role, who did not yet, and whose signature does not verify."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeAlias

from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import Key, Signature
from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from tufline.repository.format import Document, is_sigstore_key, key_material, signer_label
from tufline.repository.state import Delegation, State

if TYPE_CHECKING:
    from collections.abc import Mapping

SignedDocument: TypeAlias = (
    Document[Root] | Document[Targets] | Document[Snapshot] | Document[Timestamp]
)


class KeyVerifier(Protocol):
    """Verifies one signature. Never uses the network."""

    def verify(self, key: Key, signature: Signature, payload: bytes) -> bool:
        """Return whether `signature` is the key's over `payload`. Never raises."""
        ...


class LocalKeys:
    """Verifies signatures by keys whose public part is in the metadata.

    A Sigstore identity is not such a key: without a pinned trust root nothing of it verifies.
    """

    def verify(self, key: Key, signature: Signature, payload: bytes) -> bool:
        """Return whether `signature` is the key's over `payload`."""
        if is_sigstore_key(key):
            return False
        try:
            key.verify_signature(signature, payload)
        except VerificationError:
            return False
        except Exception:  # noqa: BLE001 - hostile key or signature bytes: any failure is a "no"
            return False
        return True


VerifierFor: TypeAlias = Callable[[State], KeyVerifier]
"""Returns what verifies signatures, by what a known good state pins. Never raises."""


def keys_alone(known_good: State) -> KeyVerifier:
    """Return `LocalKeys`, whatever is pinned (`VerifierFor`)."""
    del known_good
    return LocalKeys()


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """The signatures of one metadata file, counted against one delegation. Members are key ids."""

    delegation: Delegation
    signed: tuple[str, ...]
    missing: tuple[str, ...]
    unverified: tuple[str, ...]

    @property
    def met(self) -> bool:
        """Whether the threshold is met (a key counts once, whatever its id: TUF 4.2.1)."""
        keys = {_identity(self.delegation.keys[keyid]) for keyid in self.signed}
        return len(keys) >= max(1, self.delegation.threshold)

    def at_best(self, gone: Collection[Key], *, anew: bool) -> "Tally":
        """Return the tally once all have signed whose keys are not `gone`, whatever their ids.

        `anew`: no signature of now stays, since other content will be signed.
        """
        lost = {_identity(key) for key in gone}
        kept = () if anew else self.signed
        keys = self.delegation.keys.items()
        signed = tuple(keyid for keyid, key in keys if keyid in kept or _identity(key) not in lost)
        missing = tuple(keyid for keyid, _ in keys if keyid not in signed)
        return replace(self, signed=signed, missing=missing, unverified=())

    def labels(self, keyids: tuple[str, ...]) -> tuple[str, ...]:
        """Return how the holders of these keys are named."""
        return tuple(dict.fromkeys(signer_label(self.delegation.keys[keyid]) for keyid in keyids))


def tally(document: SignedDocument | None, delegation: Delegation, verifier: KeyVerifier) -> Tally:
    """Count the signatures of `document` against `delegation`. No document: nobody signed."""
    signatures: Mapping[str, Signature] = document.metadata.signatures if document else {}
    signed, missing, unverified = [], [], []
    for keyid, key in delegation.keys.items():
        signature = signatures.get(keyid)
        if document is None or signature is None or not signature.signature:
            missing.append(keyid)
        elif verifier.verify(key, signature, document.payload):
            signed.append(keyid)
        else:
            unverified.append(keyid)
    return Tally(
        delegation=delegation,
        signed=tuple(signed),
        missing=tuple(missing),
        unverified=tuple(unverified),
    )


def _identity(key: Key) -> str:
    return key_material(key) or key.keyid
