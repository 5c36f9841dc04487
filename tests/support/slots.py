"""More keys on a SoftHSM token than its first: in other slots, of other curves and manners."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pkcs11.util.ec import encode_named_curve_parameters

from tufline.repository.rehearsal._tokens import SoftToken

_CURVES = {"secp256r1": ec.SECP256R1(), "secp384r1": ec.SECP384R1(), "secp521r1": ec.SECP521R1()}


def add_key(token: SoftToken, number: int, curve: str = "secp256r1") -> None:
    """Put a new key under an object id, without loading the module into this process."""
    file = token.folder / f"{number}.pem"
    key = ec.generate_private_key(_CURVES[curve])
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    on = ["--token", token.label, "--pin", token.pin, "--id", f"{number:02x}"]
    subprocess.run(
        ["softhsm2-util", "--import", file, *on, "--label", f"key {number}"],
        env={"PATH": "/usr/bin:/usr/local/bin", **token.environment},
        capture_output=True,
        check=True,
    )
    file.unlink()


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A token that this very process uses."""

    token: SoftToken

    def make_key(self, number: int, **private: bool) -> None:
        """Make a key whose private part has these attributes beside the usual ones."""
        library = pkcs11.lib(str(self.token.module))
        found = library.get_token(token_label=self.token.label)
        with found.open(rw=True, user_pin=self.token.pin) as session:
            curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
            parameters = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
            parameters.generate_keypair(
                store=True,
                id=bytes([number]),
                public_template={pkcs11.Attribute.PRIVATE: False},
                private_template={pkcs11.Attribute[name]: value for name, value in private.items()},
            )


@contextmanager
def loaded(token: SoftToken, patch: pytest.MonkeyPatch) -> Iterator[Loaded]:
    """Let this process use the token, until the module is unloaded again.

    The module is a copy that nobody else has: SoftHSM refuses to be initialized a second
    time, and this process may have loaded it before, under another of its names.
    """
    own = replace(token, module=Path(shutil.copy(token.module, token.folder)))
    for name, value in own.environment.items():
        patch.setenv(name, value)
    try:
        yield Loaded(token=own)
    finally:
        pkcs11.unload(str(own.module))


def without_key(token: SoftToken) -> Path:
    """Take all keys off the token; return its folder."""
    for data in token.folder.glob("tokens/*/*.object"):
        if data.name != "token.object":
            data.unlink()
    return token.folder
