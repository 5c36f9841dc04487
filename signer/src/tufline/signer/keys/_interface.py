"""The port to the keys that a person signs with."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from securesystemslib.signer import Key, Signature

from tufline.repository.format import Attestation

PinSource: TypeAlias = Callable[[str], str]
"""Returns a secret that is named in words, "PIN of TOKEN", "passphrase of FILE".

Asks a person each time that it is called; who calls it remembers what may be used again.
"""


class Keys(Protocol):
    """The keys that are at hand: on tokens that are plugged in, in files, or identities.

    Every operation may raise the errors of `tufline.signer.keys`. A PIN that was refused is not
    tried again: a token locks itself after a few wrong ones.
    """

    def new_key(self) -> Key:
        """Return the public key of the one key at hand, which the metadata need not know yet.

        Its id and custom fields are of no account. Raise `SeveralTokens` or `SeveralKeys` where
        the choice is open.
        """
        ...

    def find(self, key: Key) -> str:
        """Return in words where the private part of `key` is; raise an error if not at hand.

        Signs nothing. Raise `KeyNotFound` where other keys are at hand but not this one, and its
        kind `WrongKey` where the place was named.
        """
        ...

    def attestation(self, key: Key) -> Attestation | None:
        """Return what the token that holds `key` says of it; None if it says nothing.

        Needs no PIN. Raise `TokenFailure` if the token fails, and what `find` raises.
        """
        ...

    def sign(self, key: Key, payload: bytes) -> Signature:
        """Return a signature over `payload` that `key` verifies, under the id of `key`.

        Raise `WrongPin` or `LockedPin` if the token did not accept the PIN, `WrongPassphrase` if
        the file did not, `NotTouched`, `TokenGone` or `TokenFailure` if the token did not sign,
        `OtherKey` if what it signed does not verify. A Sigstore identity signs online, which is
        told first: raise `IdentityNotUsable`, `IdentityFailed`, or the errors of
        `tufline.repository.identities` if it does not.
        """
        ...
