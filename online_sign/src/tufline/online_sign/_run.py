"""The online keys during one run: what they sign is verified, and what failed is left alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from securesystemslib.signer import Key, Signature

from tufline.online_sign._keys import OnlineKeyFailed, OnlineKeys
from tufline.online_sign._retrying import Retrying
from tufline.repository.format import is_sigstore_key, key_material, online_uri
from tufline.repository.identities import PinnedKeys, PinnedTrust
from tufline.repository.review import KeyVerifier, LocalKeys
from tufline.repository.settings import OnlineSettings

Patience: TypeAlias = Callable[[OnlineKeys, float], OnlineKeys]
"""Returns the keys, tried again for so many seconds where that may help."""

WRONG_KEY: Final = "signed with another key than the metadata has"
NO_TRUST_ROOT: Final = "a Sigstore identity counts only where a Sigstore trust root is pinned"
_KEYS_ALONE: Final = LocalKeys()

_Asked: TypeAlias = tuple[str, str, PinnedTrust | None]
"""What failed: the URI of a key, the key, and what an identity is judged by."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FailedKey:
    """An online key that could not be used: its URI (or id), and why."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


class Run:
    """Online keys for one run (`OnlineKeys`), over as many roles as there are.

    A signature that it returns verifies. A key that failed once is not asked again, so that a cloud
    which is away costs its time once.

    Args:
        keys: the keys.
        patience: how they are tried again.
    """

    def __init__(
        self,
        keys: OnlineKeys,
        *,
        patience: Patience = lambda keys, budget: Retrying(keys, budget=budget),
    ) -> None:
        self._keys = keys
        self._patience = patience
        self._patient: OnlineKeys | None = None
        self._failed: dict[_Asked, OnlineKeyFailed] = {}

    def begin(self, online: OnlineSettings) -> "Run":
        """Begin, unless it has begun already; return it."""
        self._patient = self._patient or self._patience(self._keys, online.budget)
        return self

    @property
    def failed(self) -> tuple[FailedKey, ...]:
        """The keys that failed so far."""
        found = (FailedKey(name=each.name, reason=each.reason) for each in self._failed.values())
        return tuple(dict.fromkeys(found))

    def sign(self, key: Key, payload: bytes, verifier: KeyVerifier = _KEYS_ALONE) -> Signature:
        """Return a signature that `verifier` takes; raise `OnlineKeyFailed`.

        An identity signs by what the verifier pins. One that failed so may work by another's.
        """
        uri = online_uri(key) or key.keyid
        pinned = verifier if isinstance(verifier, PinnedKeys) and is_sigstore_key(key) else None
        trust = pinned.trust if pinned else None
        same = uri, key_material(key) or key.keyid, trust  # whatever its id
        if same in self._failed:
            raise self._failed[same]
        try:
            if pinned and pinned.problem:
                raise OnlineKeyFailed(uri, pinned.problem)  # noqa: TRY301 - remembered below
            return self._verified(pinned.asked(key) if pinned else key, payload, verifier)
        except OnlineKeyFailed as failure:
            self._failed[same] = failure
            raise

    def _verified(self, key: Key, payload: bytes, verifier: KeyVerifier) -> Signature:
        signature = (self._patient or self._keys).sign(key, payload)
        if verifier.verify(key, signature, payload):
            return signature
        uri = online_uri(key) or key.keyid
        raise OnlineKeyFailed(uri, NO_TRUST_ROOT if is_sigstore_key(key) else WRONG_KEY)


def begin(keys: OnlineKeys, online: OnlineSettings) -> Run:
    """Return the run that `keys` are of already, or a new one."""
    return (keys if isinstance(keys, Run) else Run(keys)).begin(online)
