"""What becomes of what a token says, with a real SoftHSM token in this very process."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pkcs11
import pytest
from tests.support.slots import Loaded, add_key, loaded, without_key
from tests.support.tokens import LABEL, PIN, plug_in

from tufline.repository.review import LocalKeys
from tufline.signer.keys import (
    CannotMakeKey,
    LocalMachineKeys,
    LockedPin,
    NoKeyOnToken,
    NoPinSet,
    NotTouched,
    SeveralKeys,
    TokenFailure,
    TokenGone,
    Tokens,
    WrongPin,
    expect_free,
    make_on_token,
)
from tufline.signer.keys._confirmed import asks_each_time

NAME = "a token"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loaded]:
    with loaded(plug_in(tmp_path / "token"), monkeypatch) as it:
        yield it


class Person:
    """Gives the PIN, and remembers what was asked and told, in order."""

    def __init__(self, pin: str = PIN) -> None:
        self.pin = pin
        self.heard: list[str] = []

    def asked(self, what: str) -> str:
        self.heard.append(f"? {what}")
        return self.pin

    def told(self, line: str) -> None:
        self.heard.append(line)

    def tokens(self) -> Tokens:
        return Tokens(None, self.asked, tell=self.told)


def failing(failure: Exception) -> Callable[[str], str]:
    def fail(_what: str) -> str:
        raise failure

    return fail


@pytest.mark.parametrize(
    ("failure", "error", "message"),
    [
        (pkcs11.PinLocked(), LockedPin, f"the PIN of {LABEL} is locked"),
        (pkcs11.PinExpired(), NoPinSet, f"{LABEL} wants a new PIN to be set first"),
        (pkcs11.UserPinNotInitialized(), NoPinSet, f"{LABEL} wants a new PIN to be set first"),
        (
            pkcs11.FunctionCancelled(),
            NotTouched,
            f"slot 9c of {LABEL} did not sign: it was not touched in time",
        ),
        (
            pkcs11.FunctionRejected(),
            NotTouched,
            f"slot 9c of {LABEL} did not sign: it was not touched in time",
        ),
        (pkcs11.DeviceRemoved(), TokenGone, f"{LABEL} is not plugged in any more"),
        (pkcs11.TokenNotPresent(), TokenGone, f"{LABEL} is not plugged in any more"),
        (pkcs11.UserNotLoggedIn(), TokenFailure, f"{LABEL} failed: UserNotLoggedIn"),
        (pkcs11.GeneralError("odd"), TokenFailure, f"{LABEL} failed: odd"),
    ],
)
def test_what_a_token_says_becomes_an_error_of_ours(
    here: Loaded, failure: Exception, error: type[Exception], message: str
) -> None:
    tokens = Tokens(here.token.module, failing(failure))
    uri = tokens.the_one()
    with pytest.raises(error) as caught:
        tokens.sign(uri, tokens.public_key(uri), b"payload")
    assert str(caught.value) == message


def test_yubikey_that_was_not_touched_says_that_nobody_is_logged_in(
    here: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ykcs11 has no words of its own for a touch that did not come (its `yrc_to_rv`)."""
    here.make_key(3, ALWAYS_AUTHENTICATE=True)  # SoftHSM says the same of such a key
    monkeypatch.setattr("tufline.signer.keys._plugged_in._YUBICO", "SoftHSM")
    person = Person()
    tokens = person.tokens()
    (uri,) = [each.uri for each in tokens.all_keys() if each.number == 3]
    with pytest.raises(NotTouched):
        tokens.sign(uri, tokens.public_key(uri), b"payload")
    assert person.heard.count(f"? PIN of {LABEL}") == 1


def test_touch_is_asked_for_before_the_signature_and_by_name(
    here: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tufline.signer.keys._plugged_in._YUBICO", "SoftHSM")
    person = Person()
    tokens = person.tokens()
    uri = tokens.the_one()
    tokens.sign(uri, tokens.public_key(uri), b"payload")
    touch = f"signing with slot 9c of {LABEL}: touch it if it blinks"
    assert person.heard == [f"? PIN of {LABEL}", touch]
    del here


@pytest.mark.usefixtures("here")
def test_pin_is_asked_once_for_several_signatures() -> None:
    person = Person()
    tokens = person.tokens()
    uri = tokens.the_one()
    key = tokens.public_key(uri)
    for payload in (b"one", b"two"):
        assert LocalKeys().verify(key, tokens.sign(uri, key, payload), payload)
    assert person.heard == [f"? PIN of {LABEL}"]


def test_key_that_wants_its_pin_each_time_gets_it_and_that_is_said(here: Loaded) -> None:
    here.make_key(3, ALWAYS_AUTHENTICATE=True)
    person = Person()
    tokens = person.tokens()
    (uri,) = [each.uri for each in tokens.all_keys() if each.number == 3]
    key = tokens.public_key(uri)
    for payload in (b"one", b"two"):
        assert LocalKeys().verify(key, tokens.sign(uri, key, payload), payload)
    said = f"slot 9d of {LABEL} wants its PIN for each signature"
    assert person.heard == [f"? PIN of {LABEL}", said, f"? PIN of {LABEL}"]


def test_key_says_without_a_pin_that_it_wants_one_each_time(here: Loaded) -> None:
    """As ykcs11 does; SoftHSM shows private keys only while somebody is logged in."""
    here.make_key(3, ALWAYS_AUTHENTICATE=True)
    (plugged,) = Person().tokens().plugged_in()
    assert not asks_each_time(plugged, 3)
    with plugged.token.open(user_pin=PIN):
        assert asks_each_time(plugged, 3)
        assert not asks_each_time(plugged, 2)


@pytest.mark.usefixtures("here")
def test_wrong_pin_is_not_kept_for_the_next_signature() -> None:
    person = Person("999999")
    tokens = person.tokens()
    uri = tokens.the_one()
    key = tokens.public_key(uri)
    with pytest.raises(WrongPin):
        tokens.sign(uri, key, b"payload")
    person.pin = PIN
    assert LocalKeys().verify(key, tokens.sign(uri, key, b"payload"), b"payload")
    assert person.heard == [f"? PIN of {LABEL}"] * 2


def test_all_slots_are_looked_through(here: Loaded) -> None:
    add_key(here.token, 1, "secp384r1")
    add_key(here.token, 24, "secp384r1")
    add_key(here.token, 77)
    person = Person()
    tokens = person.tokens()
    found = {each.place: each for each in tokens.all_keys()}
    assert [place.removesuffix(f" of {LABEL}") for place in found] == [
        *("slot 9a", "slot 9c", "slot 95", "object 77")
    ]
    keys = LocalMachineKeys(tokens, chosen=None, known={})
    retired = found[f"slot 95 of {LABEL}"].key
    assert retired.scheme == "ecdsa-sha2-nistp384"
    assert keys.find(retired) == f"slot 95 of {LABEL}"
    assert LocalKeys().verify(retired, keys.sign(retired, b"payload"), b"payload")


def test_curve_that_is_not_for_tokens_is_passed_over(here: Loaded) -> None:
    add_key(here.token, 1, "secp521r1")
    assert [each.number for each in Person().tokens().all_keys()] == [2]


def test_only_key_in_another_slot_is_the_one(here: Loaded) -> None:
    without_key(here.token)
    add_key(here.token, 4)
    assert Person().tokens().the_one().startswith("hsm:4?")


def test_of_several_keys_none_is_chosen(here: Loaded) -> None:
    without_key(here.token)
    add_key(here.token, 3)
    add_key(here.token, 4)
    with pytest.raises(SeveralKeys) as caught:
        Person().tokens().the_one()
    assert str(caught.value) == f"{LABEL} has several keys: in slot 9d, slot 9e"


def test_key_is_on_the_object_that_the_uri_names(here: Loaded) -> None:
    with pytest.raises(NoKeyOnToken) as caught:
        Tokens(here.token.module, lambda _: PIN).public_key("hsm:3")
    assert str(caught.value) == f"{LABEL} has no P-256 or P-384 key in slot 9d"


def test_other_modules_see_the_variable_as_it_was(
    here: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYKCS11LIB")
    tokens = Tokens(here.token.module, lambda _: PIN)
    uri = tokens.the_one()
    tokens.sign(uri, tokens.public_key(uri), b"payload")
    assert "PYKCS11LIB" not in os.environ


def test_name_holds_the_serial_number_where_the_label_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with loaded(plug_in(tmp_path / "token", NAME), monkeypatch):
        (plugged,) = Person().tokens().plugged_in()
        assert len(plugged.serial) == 16
        assert plugged.place(2) == f"slot 9c of {NAME} (serial {plugged.serial})"


class TestMakingKeysOnYubiKeys:
    """SoftHSM in the place of ykcs11, which logs in otherwise."""

    @pytest.fixture(autouse=True)
    def _as_yubikey(self, here: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tufline.signer.keys._plugged_in._YUBICO", "SoftHSM")
        self.plugged = next(Person().tokens().plugged_in())
        del here

    def test_wrong_management_key_is_not_called_a_wrong_pin(self) -> None:
        with pytest.raises(CannotMakeKey) as caught:
            make_on_token(
                self.plugged, 1, "p256", "010203040506070801020304050607080102030405060708"
            )
        assert str(caught.value) == (
            f"no key was made in slot 9a of {LABEL}: this is not its management key"
        )

    def test_old_firmware_may_hide_a_key(self) -> None:
        with pytest.raises(CannotMakeKey) as caught:
            expect_free(self.plugged, 1)
        assert "does not tell whether the slot is empty" in str(caught.value)

    def test_what_the_module_cannot_make_is_said_with_another_way(self) -> None:
        with pytest.raises(CannotMakeKey) as caught:
            make_on_token(self.plugged, 1, "p256", "010203")  # the security officer of SoftHSM
        assert str(caught.value).startswith(f"no key was made in slot 9a of {LABEL}: ")
        assert caught.value.hint
        assert "ykman piv keys generate" in caught.value.hint
