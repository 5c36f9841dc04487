"""What can be wrong with tokens and keys, and what the person who holds them can do."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tufline.repository.errors import EnvironmentProblem, UserError

_CHOOSE = (
    "unplug the others; or choose one with --key, or the setting key, for example: "
    'key = "hsm:2?label=YubiKey+PIV+%2315835999"'
)
_INSTALL = (
    "install your token's module, for a YubiKey: `apt install ykcs11` (Debian), "
    "`dnf install yubico-piv-tool` (Fedora), `pacman -S yubico-piv-tool` (Arch), "
    "`brew install yubico-piv-tool` (macOS); for other cards: opensc. Or name the file in the "
    "setting pykcs11lib or the variable PYKCS11LIB"
)


UNKNOWN: Final = "unknown"
"""How many attempts a token's PIN has left, where the token does not say."""


class NoModule(EnvironmentProblem):
    """There is no PKCS#11 module, the library through which programs speak to a token."""

    def __init__(self, *, chosen: Path | None, kinds: Sequence[str]) -> None:
        if chosen:
            super().__init__(f"the PKCS#11 module {chosen} does not exist")
            self.hint = "correct the variable PYKCS11LIB or the setting pykcs11lib"
        else:
            super().__init__(
                f"no PKCS#11 module found; looked for {', '.join(kinds)} in the usual folders"
            )
            self.hint = _INSTALL
        self.chosen = chosen


class ModuleNotLoaded(EnvironmentProblem):
    """The file is there and is no PKCS#11 module of this machine."""

    hint = "name your token's module in the setting pykcs11lib or the variable PYKCS11LIB"

    def __init__(self, module: Path, said: str) -> None:
        super().__init__(f"{module} cannot be loaded as a PKCS#11 module: {said}")
        self.module = module


class NoToken(EnvironmentProblem):
    """No token is plugged in, or not the one that was named."""

    hint = "plug in the token; `tufline key list` shows what is attached"

    def __init__(self, label: str | None = None) -> None:
        super().__init__(f"no token named {label} is plugged in" if label else "no token found")
        self.label = label


class SeveralTokens(UserError):
    """More than one token could be meant."""

    hint = _CHOOSE

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(f"several tokens are plugged in: {', '.join(labels)}")
        self.labels = tuple(labels)


class SeveralKeys(UserError):
    """The token has more than one key, and none where signing keys usually are."""

    hint = "choose one with --key, or the setting key; `tufline key list` shows the URI of each"

    def __init__(self, token: str, places: Sequence[str]) -> None:
        super().__init__(f"{token} has several keys: in {', '.join(places)}")


class NoKeyOnToken(EnvironmentProblem):
    """The token holds no key that we can use where we look for one."""

    hint = "see `tufline key list`; make a key with `tufline key create --token`, or check --key"

    def __init__(self, token: str, place: str) -> None:
        super().__init__(f"{token} has no P-256 or P-384 key in {place}")


class KeyNotFound(EnvironmentProblem):
    """Keys are at hand, but not the one that the metadata has."""

    hint = (
        "plug in the token with that key, or say where it is in signing-keys of your settings; "
        "if it is lost, replace it with `tufline key replace`"
    )

    def __init__(self, keyid: str, holder: str, looked_at: Sequence[str]) -> None:
        places = ", ".join(looked_at) or "any token that is plugged in"
        super().__init__(f"the key {keyid[:7]} of {holder} is not in {places}")
        self.keyid = keyid


class WrongKey(KeyNotFound):
    """At the place that was named is a key, but another one than the metadata has."""

    hint = (
        "is the right token plugged in? Otherwise correct --key, or key or signing-keys of your "
        "settings; to sign with this key from now on, run `tufline key replace`"
    )

    def __init__(self, keyid: str, holder: str, place: str) -> None:
        super().__init__(keyid, holder, (f"{place}, which holds another key",))


class IdentityNotUsable(KeyNotFound):
    """A person's key is a Sigstore identity, and nothing can be signed with it here."""

    def __init__(self, identity: str, reason: str, mend: str) -> None:
        EnvironmentProblem.__init__(self, f"{identity} cannot sign here: {reason}")
        self.hint = mend


class IdentityFailed(EnvironmentProblem):
    """A service of the pinned Sigstore failed, or refused to sign."""

    hint = "nothing was written; see that the network is there, and run the command again"

    def __init__(self, identity: str, reason: str) -> None:
        super().__init__(f"{identity} did not sign: {reason}")


class OtherKey(EnvironmentProblem):
    """The signature was made, but not by the key that the metadata has."""

    hint = "check signing-keys in your settings; nothing was written"

    def __init__(self, keyid: str, place: str) -> None:
        super().__init__(f"the signature by {place} does not verify with the key {keyid[:7]}")


class WrongPin(UserError):
    """The token refused the PIN. It was not tried again."""

    hint = "check that it is the PIN (not the PUK) of this token, then run the command again"

    def __init__(self, token: str, attempts_left: str) -> None:
        super().__init__(f"wrong PIN for {token}; {attempts_in_words(attempts_left)}")
        self.attempts_left = attempts_left


def attempts_in_words(left: str) -> str:
    """Return what `PluggedIn.attempts_left` says, as a part of a sentence."""
    if left == UNKNOWN:
        return "it does not say how many attempts are left"
    return f"{left} attempt{'' if left == 'one' else 's'} left before the PIN is locked"


class NoSuchPin(UserError):
    """What was typed is too short or too long to be the PIN of any such token."""

    hint = "no attempt was used; run the command again"

    def __init__(self, token: str, lengths: range) -> None:
        super().__init__(
            f"that is not the PIN of {token}: it has {lengths[0]} to {lengths[-1]} characters"
        )


class LockedPin(EnvironmentProblem):
    """Too many wrong PINs: the token does not listen any more."""

    hint = "unlock it with its PUK (for a YubiKey: `ykman piv access unblock-pin`)"

    def __init__(self, token: str) -> None:
        super().__init__(f"the PIN of {token} is locked")


class NoPinSet(EnvironmentProblem):
    """The token has no PIN yet, or wants a new one first."""

    hint = "set its PIN (for a YubiKey: `ykman piv access change-pin`), then run the command again"

    def __init__(self, token: str) -> None:
        super().__init__(f"{token} wants a new PIN to be set first")


class NotTouched(EnvironmentProblem):
    """The token waited for a touch, and none came."""

    hint = "run the command again, and touch the key when it blinks (within 15 seconds)"

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} did not sign: it was not touched in time")


class TokenGone(EnvironmentProblem):
    """The token was unplugged while it was used."""

    hint = "plug it in and run the command again; nothing was written"

    def __init__(self, token: str) -> None:
        super().__init__(f"{token} is not plugged in any more")


class TokenFailure(EnvironmentProblem):
    """The token or its module failed."""

    hint = (
        "close other programs that use it (gpg, a browser), unplug it, plug it in again, "
        "and run the command again"
    )

    def __init__(self, token: str, failure: str) -> None:
        super().__init__(f"{token} failed: {failure}")


class ModuleFailure(TokenFailure):
    """The module cannot look for tokens: ykcs11 says so where pcscd does not run."""

    hint = (
        "see that the service of card readers runs (Linux: `systemctl status pcscd.socket`; "
        "Debian: `apt install pcscd`), close other programs that use the token (gpg, a browser), "
        "unplug it, plug it in again, and run the command again"
    )

    def __init__(self, module: Path, failure: str) -> None:
        super().__init__(f"the PKCS#11 module {module}", failure)
