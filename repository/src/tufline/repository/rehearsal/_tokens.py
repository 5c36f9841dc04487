"""Software tokens (SoftHSM) that stand in for hardware keys in rehearsals and tests.

    token = make_token(folder, label="YubiKey PIV #1", pin="123456")
    subprocess.run(["tufline", "sign", …], env={**os.environ, **token.environment})

A process can use the tokens of one folder only, since the PKCS#11 module reads its configuration
once. So whoever plays several key holders runs a process for each, with that holder's environment.
Such a token protects nothing: its PIN is in our memory and its folder can be copied.
"""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tufline.repository.errors import EnvironmentProblem

_PROGRAM: Final = "softhsm2-util"
_SLOT_9C: Final = "02"  # the PIV slot for digital signatures, as an object id in hex
_SO_PIN: Final = "010203"
_MODULES: Final = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
    Path("/opt/homebrew/lib/softhsm/libsofthsm2.so"),
)


class NoSoftHsm(EnvironmentProblem):
    """SoftHSM is not installed, or not where it usually is."""

    hint = "install it: `apt-get install softhsm2` on Debian"

    def __init__(self) -> None:
        super().__init__("SoftHSM 2 is not installed")


class TokenNotMade(EnvironmentProblem):
    """SoftHSM could not make the token."""

    hint = "is there space on the disk, and may its folder be written to?"

    def __init__(self, said: str) -> None:
        super().__init__(f"softhsm2-util failed: {said.strip()}")


@dataclass(frozen=True, kw_only=True, slots=True)
class SoftToken:
    """A token with one EC P-256 key in PIV slot 9c.

    Attributes:
        folder: where it lives; other tokens may be added to the same folder.
        module: the PKCS#11 module that reads it.
    """

    folder: Path
    label: str
    pin: str
    module: Path

    @property
    def environment(self) -> Mapping[str, str]:
        """What a process needs to have this token plugged in, and no other."""
        return {"SOFTHSM2_CONF": str(_configuration(self.folder)), "PYKCS11LIB": str(self.module)}


def make_token(folder: Path, *, label: str, pin: str) -> SoftToken:
    """Make a token with a new key, plugged in beside those that are in `folder` already."""
    token = SoftToken(folder=folder, label=label, pin=pin, module=_module())
    _configure(folder)
    _run(token, "--init-token", "--free", "--label", label, "--so-pin", _SO_PIN, "--pin", pin)
    key = folder / "key.pem"
    key.write_bytes(_new_key())
    try:
        _run(
            token,
            *("--import", str(key), "--token", label, "--pin", pin),
            *("--id", _SLOT_9C, "--label", "SIGN key"),
        )
    finally:
        key.unlink()
    return token


def _module() -> Path:
    for place in _MODULES:
        if place.exists():
            return place
    raise NoSoftHsm


def _configuration(folder: Path) -> Path:
    return folder / "softhsm2.conf"


def _configure(folder: Path) -> None:
    tokens = folder / "tokens"
    tokens.mkdir(parents=True, exist_ok=True)
    _configuration(folder).write_text(
        f"directories.tokendir = {tokens}\n"
        "objectstore.backend = file\n"
        "log.level = ERROR\n"
        "slots.removable = false\n"
    )


def _new_key() -> bytes:
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _run(token: SoftToken, *arguments: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, arguments of our own
            [_PROGRAM, *arguments],
            env={"PATH": "/usr/bin:/usr/local/bin:/opt/homebrew/bin", **token.environment},
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise NoSoftHsm from error
    if done.returncode:
        raise TokenNotMade(done.stderr or done.stdout)
