"""What verifies signatures, by what a known good state pins: keys, and Sigstore identities.

The trust in a Sigstore is what the repository delivers to Sigstore clients at its top level:
`trusted_root.json` and `signing_config.v0.2.json`. It is believed only where top-level targets
lists these very files, and is signed to its threshold by keys. So no signature of an identity
vouches for the trust that it is judged by; and for the same reason none counts for a root.
"""

from functools import cached_property
from importlib.util import find_spec
from json import loads
from typing import Final

from securesystemslib.signer import Key, Signature, SigstoreKey
from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import Targets

from tufline.repository.errors import TuflineError
from tufline.repository.format import ROOT, TARGETS, Document, is_sigstore_key
from tufline.repository.identities._trust import (
    SIGNING_CONFIG,
    TRUSTED_ROOT,
    NoPinnedTrust,
    PinnedTrust,
    pinned_trust,
)
from tufline.repository.identities._verifying import IdentityKeys
from tufline.repository.review import KeyVerifier, LocalKeys, tally
from tufline.repository.state import State, delegation_of

_INSTALL: Final = (
    "the library for Sigstore is not installed; pip install 'tufline-repository[sigstore]'"
)


class NotVouchedFor(TuflineError):
    """The files that say which Sigstore to trust are not what people signed."""

    hint = "list them in top-level targets by a signing event, signed by people's keys"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the pinned Sigstore is not trusted: {reason}")


class PinnedIdentity(SigstoreKey):
    """An identity, with the trust by which it signs. As metadata it is the identity alone."""

    def __init__(self, key: Key, trust: PinnedTrust) -> None:
        super().__init__(key.keyid, key.keytype, key.scheme, key.keyval, key.unrecognized_fields)
        self.trust = trust


class PinnedKeys:
    """Verifies by keys, and identities by what a known good state pins (`KeyVerifier`).

    Nothing of that is read before the first signature of an identity. Where nothing is pinned, or
    it cannot be used here, identities count for nothing.
    """

    def __init__(self, known_good: State) -> None:
        self._known_good = known_good

    @property
    def trust(self) -> PinnedTrust | None:
        """What known good pins, and people signed."""
        found = self._trust
        return found if isinstance(found, PinnedTrust) else None

    @property
    def problem(self) -> str | None:
        """Why identities count for nothing, if so."""
        found = self._trust
        return None if isinstance(found, PinnedTrust) else found

    def asked(self, key: Key) -> Key:
        """Return the key as online keys are asked to sign with it: an identity with its trust."""
        return PinnedIdentity(key, self.trust) if self.trust and is_sigstore_key(key) else key

    def verify(self, key: Key, signature: Signature, payload: bytes) -> bool:
        """Return whether `signature` is the key's over `payload`."""
        if not is_sigstore_key(key):
            return LocalKeys().verify(key, signature, payload)
        identities = self._identities
        return (
            identities is not None
            and not is_root(payload)
            and identities.verify(key, signature, payload)
        )

    @cached_property
    def _trust(self) -> PinnedTrust | str:
        if find_spec("sigstore") is None:
            return _INSTALL
        try:
            _expect_vouched(self._known_good)
            trust = pinned_trust(self._known_good)
            _ = trust.config
        except (NoPinnedTrust, NotVouchedFor) as problem:
            return problem.with_hint
        except Exception as error:  # noqa: BLE001 - a file that sigstore cannot read pins nothing
            return f"the pinned Sigstore cannot be read: {type(error).__name__}"
        return trust

    @cached_property
    def _identities(self) -> IdentityKeys | None:
        return IdentityKeys(self.trust) if self.trust else None


class EitherVerifier:
    """Takes what one of several verifiers takes (`KeyVerifier`)."""

    def __init__(self, *verifiers: KeyVerifier) -> None:
        self._verifiers = verifiers

    def verify(self, key: Key, signature: Signature, payload: bytes) -> bool:
        """Return whether `signature` is the key's over `payload`, as one of them sees it."""
        return any(each.verify(key, signature, payload) for each in self._verifiers)


def verifier_for(known_good: State) -> PinnedKeys:
    """Return what verifies signatures as known good pins it: publish or main, never an event.

    Signatures are verified as of the time that a log or a timestamp authority gave them. So what is
    published already stays valid where a later trust root ends a log, and no more where it drops
    one: then online roles are signed anew, and review names the others.
    """
    return PinnedKeys(known_good)


def _expect_vouched(known_good: State) -> None:
    """Raise `NotVouchedFor`, or `NoPinnedTrust` where there is nothing to vouch for."""
    trust = pinned_trust(known_good)
    targets, root = known_good.targets(TARGETS), known_good.root()
    delegation = delegation_of(ROOT, root, TARGETS)
    if not isinstance(targets, Document) or delegation is None:
        raise NotVouchedFor("targets cannot be read")
    if not tally(targets, delegation, LocalKeys()).met:
        raise NotVouchedFor("targets is not signed to its threshold by keys")
    _expect_listed(targets, TRUSTED_ROOT, trust.trusted_root)
    _expect_listed(targets, SIGNING_CONFIG, trust.signing_config)


def _expect_listed(targets: Document[Targets], artifact: str, data: bytes) -> None:
    listed = targets.signed.targets.get(artifact)
    if listed is None:
        raise NotVouchedFor(f"targets does not list {artifact}")
    try:
        listed.verify_length_and_hashes(data)
    except LengthOrHashMismatchError as error:
        raise NotVouchedFor(f"{artifact} is not the file that targets lists") from error


def is_root(payload: bytes) -> bool:
    """Whether the bytes are a root, for which no identity counts."""
    try:
        tree = loads(payload)
    except ValueError:
        return False
    return isinstance(tree, dict) and tree.get("_type") == ROOT
