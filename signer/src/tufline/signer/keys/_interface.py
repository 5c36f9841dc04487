"""The port to the keys that a person signs with."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from securesystemslib.signer import Key, Signature

PinSource: TypeAlias = Callable[[str], str]
"""Returns the PIN of the token of this name. Asks a person at most once for each token."""


class Keys(Protocol):
    """The keys that are at hand: on tokens that are plugged in, or in files.

    Every operation may raise the errors of `tufline.signer.keys`. A PIN that was refused is not
    tried again: a token locks itself after a few wrong ones.
    """

    def new_key(self) -> Key:
        """Return the public key of the one key at hand, which the metadata need not know yet.

        Its id and custom fields are of no account. Raise `SeveralTokens` where the choice is open.
        """
        ...

    def find(self, key: Key) -> str:
        """Return in words where the private part of `key` is; raise an error if not at hand.

        Signs nothing. Raise `KeyNotFound` where other keys are at hand but not this one.
        """
        ...

    def sign(self, key: Key, payload: bytes) -> Signature:
        """Return a signature over `payload` that `key` verifies, under the id of `key`.

        Raise `WrongPin` or `LockedPin` if the token did not accept the PIN, `TokenFailure` if it
        failed, `OtherKey` if what it signed does not verify.
        """
        ...
