"""What can be wrong with tokens and keys, and what the person who holds them can do."""

from collections.abc import Sequence
from pathlib import Path

from tufline.repository.errors import EnvironmentProblem, UserError

_CHOOSE = (
    "unplug the others; or choose one with --key, or the setting key, for example: "
    'key = "hsm:2?label=YubiKey+PIV+%2315835999"'
)


class NoModule(EnvironmentProblem):
    """There is no PKCS#11 module, the library through which programs speak to a token."""

    hint = (
        "install your token's module (for a YubiKey: `apt-get install ykcs11` on Debian), "
        "or name it in the setting pykcs11lib or the variable PYKCS11LIB"
    )

    def __init__(self, looked_at: Sequence[Path]) -> None:
        places = ", ".join(map(str, looked_at))
        super().__init__(f"no PKCS#11 module found; looked at {places}")
        self.looked_at = tuple(looked_at)


class ModuleNotLoaded(EnvironmentProblem):
    """The file is there and is no PKCS#11 module of this machine."""

    hint = "name your token's module in the setting pykcs11lib or the variable PYKCS11LIB"

    def __init__(self, module: Path, said: str) -> None:
        super().__init__(f"{module} cannot be loaded as a PKCS#11 module: {said}")
        self.module = module


class NoToken(EnvironmentProblem):
    """No token is plugged in, or not the one that was named."""

    hint = "plug in the token; `pkcs11-tool --list-slots` shows what the machine sees"

    def __init__(self, label: str | None = None) -> None:
        super().__init__(f"no token named {label} is plugged in" if label else "no token found")
        self.label = label


class SeveralTokens(UserError):
    """More than one token could be meant."""

    hint = _CHOOSE

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(f"several tokens are plugged in: {', '.join(labels)}")
        self.labels = tuple(labels)


class NoKeyOnToken(EnvironmentProblem):
    """The token holds no key that we can use where we look for one."""

    hint = "make an EC P-256 key in PIV slot 9c of the token (PKCS#11 object id 2), or check --key"

    def __init__(self, token: str, keyid: int) -> None:
        super().__init__(f"{token} has no EC key with object id {keyid}")


class KeyNotFound(EnvironmentProblem):
    """Keys are at hand, but not the one that the metadata has."""

    hint = (
        "plug in the token with that key, or say where it is in signing-keys of your settings; "
        "if it is lost, replace it with `tufline key replace`"
    )

    def __init__(self, keyid: str, holder: str, looked_at: Sequence[str]) -> None:
        places = ", ".join(looked_at)
        super().__init__(f"the key {keyid[:7]} of {holder} is not on {places}")
        self.keyid = keyid


class OtherKey(EnvironmentProblem):
    """The signature was made, but not by the key that the metadata has."""

    hint = "check signing-keys in your settings; nothing was written"

    def __init__(self, keyid: str, place: str) -> None:
        super().__init__(f"the signature by {place} does not verify with the key {keyid[:7]}")


class UnusableKey(UserError):
    """A signer URI that leads to no key."""

    hint = "write hsm:2?label=TOKEN for a token, or file2:PATH for a private key in a PEM file"

    def __init__(self, uri: str, problem: str) -> None:
        super().__init__(f"{uri}: {problem}")
        self.uri = uri


class WrongPin(UserError):
    """The token refused the PIN. It was not tried again."""

    hint = "check that it is the PIN (not the PUK) of this token, then run the command again"

    def __init__(self, token: str, attempts_left: str) -> None:
        super().__init__(f"{token} refused the PIN (attempts left: {attempts_left})")
        self.attempts_left = attempts_left


class LockedPin(EnvironmentProblem):
    """Too many wrong PINs: the token does not listen any more."""

    hint = "unlock it with its PUK (for a YubiKey: `ykman piv access unblock-pin`)"

    def __init__(self, token: str) -> None:
        super().__init__(f"the PIN of {token} is locked")


class TokenFailure(EnvironmentProblem):
    """The token or its module failed."""

    hint = "unplug the token, plug it in again, and run the command again"

    def __init__(self, token: str, failure: str) -> None:
        super().__init__(f"{token} failed: {failure}")
