"""Where keys are found, and what becomes of what they do wrong."""

from collections.abc import Iterator
from pathlib import Path

import pkcs11
import pytest
from securesystemslib.signer import Key, Signature
from tests.signer.helpers import write_key
from tests.support.sample import key_for
from tests.support.tokens import LABEL, PIN, plug_in

from tufline.repository.rehearsal._tokens import SoftToken
from tufline.signer.keys import (
    LocalMachineKeys,
    LockedPin,
    NoKeyOnToken,
    OtherKey,
    SeveralTokens,
    TokenFailure,
    Tokens,
    UnusableKey,
)

MINE, EMPTY = "hsm:2?label=mine", "hsm:2?label=empty"


class FakeTokens(Tokens):
    """Two tokens, one without a key. What they sign is another signature than was asked for."""

    def __init__(self, key: Key) -> None:
        self._key = key

    def uris(self) -> tuple[str, ...]:
        return (EMPTY, MINE)

    def the_one(self) -> str:
        raise SeveralTokens(["empty", "mine"])

    def public_key(self, uri: str) -> Key:
        if uri == EMPTY:
            raise NoKeyOnToken("empty", 2)
        return self._key

    def sign(self, uri: str, key: Key, payload: bytes) -> Signature:
        del uri, payload
        return Signature(key.keyid, "3006020101020101")


@pytest.fixture
def mine() -> Key:
    return key_for("@alice")


def local(key: Key, **known: str) -> LocalMachineKeys:
    return LocalMachineKeys(FakeTokens(key), chosen=None, known=known)


def test_token_without_a_key_is_passed_over(mine: Key) -> None:
    assert local(mine).find(mine) == "mine"


def test_token_that_was_named_must_have_the_key(mine: Key) -> None:
    keys = LocalMachineKeys(FakeTokens(mine), chosen=None, known={mine.keyid: EMPTY})
    with pytest.raises(NoKeyOnToken):
        keys.find(mine)


def test_signature_that_does_not_verify_is_not_kept(mine: Key) -> None:
    with pytest.raises(OtherKey) as caught:
        local(mine).sign(mine, b"payload")
    assert str(caught.value) == (
        f"the signature by mine does not verify with the key {mine.keyid[:7]}"
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


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoftToken]:
    """Return a token that this very process uses, until the module is unloaded again."""
    made = plug_in(tmp_path / "token")
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    yield made
    pkcs11.unload(str(made.module))


@pytest.mark.parametrize(
    ("failure", "error", "message"),
    [
        (pkcs11.PinLocked(), LockedPin, f"the PIN of {LABEL} is locked"),
        (pkcs11.DeviceRemoved(), TokenFailure, f"{LABEL} failed: DeviceRemoved"),
        (pkcs11.GeneralError("odd"), TokenFailure, f"{LABEL} failed: odd"),
    ],
)
def test_what_a_token_says_becomes_an_error_of_ours(
    token: SoftToken, failure: Exception, error: type[Exception], message: str
) -> None:
    def fail(_token: str) -> str:
        raise failure

    tokens = Tokens(token.module, fail)
    uri = tokens.the_one()
    with pytest.raises(error) as caught:
        tokens.sign(uri, tokens.public_key(uri), b"payload")
    assert str(caught.value) == message


def test_key_is_on_the_object_that_the_uri_names(token: SoftToken) -> None:
    tokens = Tokens(token.module, lambda _: PIN)
    with pytest.raises(NoKeyOnToken) as caught:
        tokens.public_key("hsm:3")
    assert str(caught.value) == f"{LABEL} has no EC key with object id 3"
