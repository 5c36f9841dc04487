"""The software tokens of rehearsals and tests."""

from pathlib import Path

import pytest

from tufline.repository.rehearsal import _tokens
from tufline.repository.rehearsal._tokens import NoSoftHsm, TokenNotMade, make_token


def test_token_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    with pytest.raises(TokenNotMade) as caught:
        make_token(tmp_path, label="x" * 33, pin="123456")
    assert str(caught.value).startswith("softhsm2-util failed: ")
    assert "32" in str(caught.value)


def test_private_key_is_only_on_the_token(tmp_path: Path) -> None:
    make_token(tmp_path, label="mine", pin="123456")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".pem"] == []


def test_machine_without_softhsm_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_tokens, "_MODULES", (tmp_path / "nowhere.so",))
    with pytest.raises(NoSoftHsm) as caught:
        make_token(tmp_path, label="mine", pin="123456")
    assert str(caught.value) == "SoftHSM 2 is not installed"
    assert caught.value.hint == "install it: `apt-get install softhsm2` on Debian"
    assert list(tmp_path.glob("tokens/*")) == []


def test_machine_without_the_tool_is_told_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_tokens, "_PROGRAM", "softhsm2-util-that-is-not-there")
    with pytest.raises(NoSoftHsm):
        make_token(tmp_path, label="mine", pin="123456")
