"""Which PKCS#11 modules are used, on systems of every kind; nothing here touches the disk."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tufline.signer.keys import NoModule
from tufline.signer.keys import _modules as places
from tufline.signer.keys._modules import FOLDERS, find_modules

TPM = "/dev/tpmrm0"


@pytest.fixture(autouse=True)
def _all_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look where users have modules, unlike the other tests here."""
    monkeypatch.setattr(places, "FOLDERS", FOLDERS)


def only(*files: str) -> Callable[[Path], bool]:
    return lambda path: str(path) in files


@pytest.mark.parametrize(
    "file",
    [
        "/usr/lib/x86_64-linux-gnu/libykcs11.so",
        "/usr/lib/aarch64-linux-gnu/libykcs11.so",
        "/usr/lib/x86_64-linux-gnu/libykcs11.so.2",
        "/usr/lib64/libykcs11.so",
        "/usr/lib64/pkcs11/opensc-pkcs11.so",
        "/usr/lib64/pkcs11/libsofthsm2.so",
        "/usr/lib/libykcs11.so",
        "/usr/lib/pkcs11/opensc-pkcs11.so",
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib/x86_64-linux-gnu/pkcs11/opensc-pkcs11.so",
        "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib/x86_64-linux-gnu/libtpm2_pkcs11.so.1",
        "/usr/lib/pkcs11/libtpm2_pkcs11.so",
        "/usr/local/lib/libykcs11.dylib",
        "/usr/local/lib/softhsm/libsofthsm2.so",
        "/Library/OpenSC/lib/opensc-pkcs11.so",
        "/opt/homebrew/lib/libykcs11.dylib",
        "/opt/homebrew/lib/pkcs11/opensc-pkcs11.so",
        "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    ],
)
def test_module_is_found_where_the_system_puts_it(file: str) -> None:
    assert find_modules(None, {}, exists=only(file, TPM)) == (Path(file),)


def test_modules_come_with_that_for_yubikeys_first_and_each_once() -> None:
    files = [
        "/usr/lib/x86_64-linux-gnu/libykcs11.so",
        "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib/x86_64-linux-gnu/libtpm2_pkcs11.so",
    ]
    again = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/libykcs11.so.2"]
    found = find_modules(None, {}, exists=only(TPM, *again, *reversed(files)))
    assert found == tuple(map(Path, files))


def test_module_of_tpms_is_used_only_where_there_is_one() -> None:
    module = "/usr/lib/x86_64-linux-gnu/libtpm2_pkcs11.so.1"
    with pytest.raises(NoModule):
        find_modules(None, {}, exists=only(module))
    elsewhere = {"TPM2_PKCS11_TCTI": "tabrmd:bus_type=session"}
    assert find_modules(None, elsewhere, exists=only(module)) == (Path(module),)
    assert find_modules(None, {}, exists=only(module, "/dev/tpm0")) == (Path(module),)


def test_what_was_set_is_the_only_one_and_the_variable_comes_first() -> None:
    yubikey, mine = "/usr/lib64/libykcs11.so", "/opt/vendor/lib.so"
    exists = only(yubikey, mine, "/other.so")
    assert find_modules(Path(mine), {}, exists=exists) == (Path(mine),)
    variable = {"PYKCS11LIB": "/other.so"}
    assert find_modules(Path(mine), variable, exists=exists) == (Path("/other.so"),)
    assert find_modules(None, {"PYKCS11LIB": ""}, exists=exists) == (Path(yubikey),)


def test_what_was_set_and_is_not_there_is_not_replaced_by_another() -> None:
    with pytest.raises(NoModule) as caught:
        find_modules(Path("/nowhere.so"), {}, exists=only("/usr/lib64/libykcs11.so"))
    assert str(caught.value) == "the PKCS#11 module /nowhere.so does not exist"


def test_machine_without_modules_is_told_what_to_install_on_each_system() -> None:
    with pytest.raises(NoModule) as caught:
        find_modules(None, {}, exists=only())
    assert str(caught.value) == (
        "no PKCS#11 module found; looked for ykcs11, OpenSC, SoftHSM 2, tpm2-pkcs11 "
        "in the usual folders"
    )
    assert caught.value.hint
    for install in (
        *("`apt install ykcs11` (Debian)", "`dnf install yubico-piv-tool` (Fedora)"),
        *("`pacman -S yubico-piv-tool` (Arch)", "`brew install yubico-piv-tool` (macOS)"),
    ):
        assert install in caught.value.hint
