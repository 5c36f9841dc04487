"""What the tests of YubiKeys say, and how they look at what was signed."""

from pathlib import Path

from tests.signer.helpers import Outcome, Server
from tests.support.yubikey import MODULE

from tufline.repository.history import History

LABEL = "YubiKey PIV #15835999"
PLACE = f"slot 9c of {LABEL}"
DEVICE = "a YubiKey 5.4.3, serial 15835999, PIN: for each signature, touch: never asked for"
VENDOR = "CN=Vendor PIV Root CA Serial 1"
SETTINGS = f'user-name = "@yara"\npykcs11lib = "{MODULE}"\n'
OPENSC = MODULE.with_name("opensc-pkcs11.so")

READ = """
import sys
from pathlib import Path
from tufline.signer.keys import read_attestation
from tufline.signer.keys._plugged_in import tokens_of
(token,) = tokens_of(Path(sys.argv[1]))
found = read_attestation(token, 2)
print(found.device.hex(), found.key.hex(), read_attestation(token, 1))
"""


def pin_in(folder: Path, pin: str) -> Path:
    """Write a PIN into a file."""
    file = folder / f"pin-{pin}"
    file.write_text(f"{pin}\n")
    return file


def is_signed(server: Server) -> bool:
    """Whether every role of the event has its signatures."""
    return all(role.ready for role in server.review().roles)


def files_of(history: History, branch: str) -> list[str]:
    """Return the paths of a branch."""
    return [each.path for each in history.files(history.resolve(branch)).below("")]


def refused(server: Server, outcome: Outcome, error: str, hint: str) -> None:
    """Check that the command failed with these words, and signed nothing."""
    assert outcome.err.endswith(f"error: {error}\nhint: {hint}\n")
    assert outcome.code == 1
    assert all(role.signed == () for role in server.review().roles)
