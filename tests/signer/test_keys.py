"""Where keys are found, and what becomes of what they do wrong."""

from pathlib import Path

import pytest
from securesystemslib.signer import Key, Signature
from tests.signer.helpers import write_key
from tests.support.sample import key_for
from tests.support.tokens import PIN

from tufline.signer.keys import LocalMachineKeys, OtherKey, Tokens, UnusableKey, WrongKey

MINE, OTHER = "hsm:2?label=mine", "hsm:1?label=mine"


class FakeTokens(Tokens):
    """One token with a key in slot 9c. It signs another thing than was asked for."""

    def __init__(self, key: Key) -> None:
        self._key = key

    def public_key(self, uri: str) -> Key:
        return self._key if uri == MINE else key_for("@bob")

    def place(self, uri: str) -> str:
        return "slot 9c of mine" if uri == MINE else "slot 9a of mine"

    def sign(self, uri: str, key: Key, payload: bytes) -> Signature:
        del uri, payload
        return Signature(key.keyid, "3006020101020101")


@pytest.fixture
def mine() -> Key:
    return key_for("@alice")


def test_key_at_the_place_that_was_named_must_be_the_right_one(mine: Key) -> None:
    keys = LocalMachineKeys(FakeTokens(mine), chosen=MINE, known={mine.keyid: OTHER})
    with pytest.raises(WrongKey) as caught:
        keys.find(mine)
    assert str(caught.value) == (
        f"the key {mine.keyid[:7]} of @alice is not in slot 9a of mine, which holds another key"
    )


def test_signature_that_does_not_verify_is_not_kept(mine: Key) -> None:
    with pytest.raises(OtherKey) as caught:
        LocalMachineKeys(FakeTokens(mine), chosen=MINE, known={}).sign(mine, b"payload")
    assert str(caught.value) == (
        f"the signature by slot 9c of mine does not verify with the key {mine.keyid[:7]}"
    )


def test_file_that_vanishes_is_named(mine: Key, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    write_key(file)
    keys = LocalMachineKeys(FakeTokens(mine), chosen=f"file2:{file}", known={})
    key = keys.new_key()
    assert keys.find(key) == f"file2:{file}"
    file.unlink()
    with pytest.raises(UnusableKey) as caught:
        keys.sign(key, b"payload")
    assert caught.value.uri == f"file2:{file}"


def test_object_id_must_be_a_number() -> None:
    with pytest.raises(UnusableKey) as caught:
        Tokens(None, lambda _: PIN).public_key("hsm:9c")
    assert str(caught.value) == "hsm:9c: '9c' is not the number of a PKCS#11 object"
