"""Signing with a TPM: software under the real libtpm2-pkcs11 and resource manager."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.signer.helpers import Holder, Server, sign
from tests.support.tpm import PIN, Tpm, plugged_in, why_not

from tufline.repository.review import Ready

LABEL = "laptop of tom"

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


@pytest.fixture
def tpm(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tpm]:
    with plugged_in(label=LABEL) as tpm:
        for name, value in tpm.environment.items():
            monkeypatch.setenv(name, value)
        yield tpm


@pytest.fixture
def tom(server: Server, alice: Holder, tpm: Tpm) -> Holder:
    """Return who is invited to sign root and targets alone with the TPM."""
    holder = server.holder("@tom")
    holder.settings(f'user-name = "@tom"\npykcs11lib = "{tpm.module}"\n')
    server.start(alice, holder)
    return holder


def _pin(folder: Path, pin: str) -> Path:
    file = folder / f"pin-{pin}"
    file.write_text(f"{pin}\n")
    return file


def test_wrong_pin_is_refused_and_the_right_one_signs(
    server: Server, tom: Holder, tmp_path: Path
) -> None:
    refused = sign(tom, "--pin-file", _pin(tmp_path, "999999"))
    name = f"{LABEL} (serial 0000000000000000)"
    assert f"wrong PIN for {name}; it does not say how many attempts are left\n" in refused.err
    assert refused.code == 1
    assert all(role.signed == () for role in server.review().roles)
    signed = sign(tom, "--pin-file", _pin(tmp_path, PIN))
    assert signed.code == 0, signed.err
    assert f"signed: root version 1, targets version 1 with object 2 of {name}" in signed.out
    assert "touch" not in signed.err + signed.out
    assert server.review().verdict == Ready()
