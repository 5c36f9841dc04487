"""Signing with a YubiKey: a software card under the real libykcs11, libykpiv and pcscd."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from securesystemslib.signer import SSlibKey
from tests.signer.conftest import set_environment
from tests.signer.helpers import EVENT, NOW, Holder, Server, converse, make_server, sign
from tests.signer.yubikeys import (
    DEVICE,
    LABEL,
    OPENSC,
    PLACE,
    READ,
    SETTINGS,
    VENDOR,
    files_of,
    is_signed,
    pin_in,
    refused,
)
from tests.support.pipeline import Pipeline
from tests.support.yubikey import (
    INSTALL,
    MODULE,
    PIN,
    SIGNATURE,
    Device,
    PinPolicy,
    PivCard,
    SlotKey,
    TouchPolicy,
    Vendor,
    YubiKey,
    plugged_in,
    why_not,
)

from tufline.repository import attestation
from tufline.repository.attestation import Attested, Claims, verify_attestation
from tufline.repository.format import Attestation
from tufline.repository.history import open_history
from tufline.repository.jobs.merge import merge
from tufline.repository.jobs.signing_event import signing_event

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


@pytest.fixture(scope="module")
def vendor() -> Vendor:
    return Vendor()


@pytest.fixture(scope="module")
def yubikey(vendor: Vendor) -> Iterator[YubiKey]:
    """Plug a YubiKey with a key in slot 9c in, for all tests of this file."""
    card = PivCard(Device(), vendor)
    card.put(SlotKey())
    with plugged_in(card) as yubikey:
        yield yubikey


@pytest.fixture(scope="module")
def accepted_once(
    yubikey: YubiKey, vendor: Vendor, tmp_path_factory: pytest.TempPathFactory
) -> Server:
    """Let @yara accept to sign root and targets alone with her YubiKey. She still must sign."""
    folder = tmp_path_factory.mktemp("yara")
    with pytest.MonkeyPatch.context() as patch:
        set_environment(folder / "home", patch)
        patch.setenv("PCSCLITE_CSOCK_NAME", yubikey.environment["PCSCLITE_CSOCK_NAME"])
        server = make_server(folder)
        server.commit("main", "vendors.pem", vendor.root.pem.decode())
        server.commit("main", "tufline.toml", '[keys]\nattestation-vendors = ["vendors.pem"]\n')
        yara = server.holder("@yara")
        yara.settings(SETTINGS)
        server.start(server.holder("@alice"), yara)
        outcome = sign(yara, "--pin-file", pin_in(folder, ""))
        assert f"accepted: @yara signs root, targets with {PLACE}" in outcome.out, outcome.err
        assert f"goes along: it was made in {DEVICE}" in " ".join(outcome.out.split())
        assert yubikey.card.log == []
    return server


@pytest.fixture
def card(yubikey: YubiKey, monkeypatch: pytest.MonkeyPatch) -> Iterator[PivCard]:
    for name, value in yubikey.environment.items():
        monkeypatch.setenv(name, value)
    yubikey.card.unlock()
    yubikey.card.log.clear()
    yubikey.card.blink = lambda: True
    before = dict(yubikey.card.keys)
    yield yubikey.card
    for slot in tuple(yubikey.card.keys):
        yubikey.card.remove(slot)
    for slot, key in before.items():
        yubikey.card.put(key, slot)


@pytest.fixture
def yara(accepted_once: Server, server: Server, card: PivCard) -> Holder:
    assert card.log == []
    shutil.rmtree(server.path)
    shutil.copytree(accepted_once.path, server.path)
    holder = server.holder("@yara")
    holder.settings(SETTINGS)
    return holder


@pytest.fixture
def pin_file(tmp_path: Path) -> Path:
    return pin_in(tmp_path, PIN)


@pytest.fixture
def wrong_pin(tmp_path: Path) -> Path:
    return pin_in(tmp_path, "999999")


def test_event_is_signed_with_the_pin_before_each_signature(
    server: Server, yara: Holder, card: PivCard, pin_file: Path
) -> None:
    """Also: those who sign see what the device says of its key, until all have signed."""
    outcome = sign(yara, "--pin-file", pin_file)
    assert outcome.code == 0, outcome.err
    assert f"signed: root version 1, targets version 1 with {PLACE}" in outcome.out
    assert is_signed(server)
    assert card.log == ["PIN right", "9c signed"] * 2

    shown = " ".join(outcome.out.split())
    assert f"the key of @yara was made in {DEVICE}; attested by {VENDOR} " in shown
    waits = "1 attestation, which a job removes when nothing else is missing"
    assert shown.endswith(f"{EVENT} is waiting: {waits}")
    with open_history(server.path) as history:
        place = Pipeline(history=history, now=NOW).place
        found = signing_event(place, EVENT)
        assert (found.status and found.status.verdict) == "ready"
        merge(place, EVENT)
        assert not [each for each in files_of(history, "main") if "attestation" in each]


def test_new_key_of_the_device_takes_its_attestation_along(
    server: Server, yara: Holder, card: PivCard, pin_file: Path
) -> None:
    (old,) = server.review().origins
    card.put(SlotKey(pin=PinPolicy.ONCE, touch=TouchPolicy.ALWAYS), 0x82)
    outcome = yara.run_apart(
        *("key", "replace", EVENT, "--key", "hsm:5?label=YubiKey+PIV+%2315835999"),
        *("--pin-file", pin_file, "--no-old-key", "--yes"),
    )
    assert outcome.code == 0, outcome.err
    ((new, origin),) = server.review().origins.items()
    assert new != old
    assert isinstance(origin, Attested)
    assert (origin.claims.pin, origin.claims.touch) == (
        attestation.PinPolicy.ONCE,
        attestation.TouchPolicy.ALWAYS,
    )


def test_wrong_pin_is_shown_to_the_card_once_and_the_third_locks_it(
    server: Server, yara: Holder, card: PivCard, wrong_pin: Path, pin_file: Path
) -> None:
    again = "check that it is the PIN (not the PUK) of this token, then run the command again"
    for tries, left in ((2, "two attempts"), (1, "one attempt")):
        error = f"wrong PIN for {LABEL}; {left} left before the PIN is locked"
        refused(server, sign(yara, "--pin-file", wrong_pin), error, again)
        assert card.tries == tries
    for file in (wrong_pin, pin_file):
        refused(
            server,
            sign(yara, "--pin-file", file),
            f"the PIN of {LABEL} is locked",
            "unlock it with its PUK (for a YubiKey: `ykman piv access unblock-pin`)",
        )
    assert card.log == ["PIN wrong"] * 3  # a locked card is shown no PIN, even the right one


@pytest.mark.parametrize("pin", ["12345", "123456789"])
def test_pin_that_no_yubikey_has_is_not_shown_to_the_card(
    server: Server, yara: Holder, card: PivCard, tmp_path: Path, pin: str
) -> None:
    refused(
        server,
        sign(yara, "--pin-file", pin_in(tmp_path, pin)),
        f"that is not the PIN of {LABEL}: it has 6 to 8 characters",
        "no attempt was used; run the command again",
    )
    assert card.log == []


def test_without_the_service_of_card_readers_says_so(
    yara: Holder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(tmp_path / "nobody"))
    outcome = sign(yara)
    assert f"error: the PKCS#11 module {MODULE} failed: " in outcome.err
    assert "the service of card readers runs (Linux: `systemctl status pcscd.socket`" in outcome.err
    assert outcome.code == 1


def test_card_that_nobody_touches_says_so(
    server: Server, yara: Holder, card: PivCard, pin_file: Path
) -> None:
    card.put(replace(card.keys[SIGNATURE], touch=TouchPolicy.ALWAYS))
    card.blink = lambda: False
    outcome = sign(yara, "--pin-file", pin_file)
    refused(
        server,
        outcome,
        f"{PLACE} did not sign: it was not touched in time",
        "run the command again, and touch the key when it blinks (within 15 seconds)",
    )
    assert f"signing with {PLACE}: touch it if it blinks\n" in outcome.err
    assert card.log == ["PIN right", "9c not touched"]


def test_person_at_a_terminal_types_the_pin_once_and_touches_for_each_role(
    server: Server, yara: Holder, card: PivCard
) -> None:
    card.put(replace(card.keys[SIGNATURE], touch=TouchPolicy.ALWAYS))
    talk = [
        (f"sign root version 1, targets version 1 with {PLACE}? [y/N]: ", "y"),
        (f"PIN of {LABEL}: ", PIN),
    ]
    shown = converse(yara, ["sign", EVENT], talk)
    assert PIN not in shown
    assert shown.count(f"PIN of {LABEL}: ") == 1
    assert shown.count(f"signing with {PLACE}: touch it if it blinks") == 2
    assert card.log == ["PIN right", "9c signed"] * 2
    assert is_signed(server)


@pytest.mark.skipif(not OPENSC.exists(), reason=f"NO {OPENSC}: {INSTALL}")
def test_opensc_signs_too_and_the_person_types_the_pin_for_each_role(
    server: Server, yara: Holder, card: PivCard
) -> None:
    yara.settings(SETTINGS.replace(str(MODULE), str(OPENSC)))
    place = "slot 9c of YubiKey key in 9c (serial 0000000000000000)"  # named by its certificate
    talk = [("[y/N]: ", "y"), ("PIN of YubiKey key", PIN), ("PIN of YubiKey key", PIN)]
    shown = converse(yara, ["sign", EVENT], talk)
    assert f"{place} wants its PIN for each signature" in " ".join(shown.split())
    assert card.log.count("9c signed") == 2
    assert "PIN wrong" not in card.log
    assert is_signed(server)


def test_other_yubikey_is_not_asked_to_sign(
    server: Server, yara: Holder, card: PivCard, pin_file: Path
) -> None:
    card.put(SlotKey())
    outcome = sign(yara, "--pin-file", pin_file)
    assert f" of @yara is not in {PLACE}\n" in outcome.err
    assert outcome.code == 1
    assert card.log == []
    assert all(role.signed == () for role in server.review().roles)


def test_attestation_is_read_without_a_pin_and_proves_what_the_device_asks_for(
    card: PivCard, vendor: Vendor
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ, MODULE], capture_output=True, text=True, check=True
    )
    device, key, empty = done.stdout.split()
    assert empty == "None"
    assert verify_attestation(
        Attestation(device=bytes.fromhex(device), key=bytes.fromhex(key)),
        SSlibKey.from_crypto(card.keys[SIGNATURE].private.public_key()),
        vendors=vendor.root.pem,
        now=NOW,
    ).claims == Claims(
        serial=15835999,
        firmware="5.4.3",
        pin=attestation.PinPolicy.ALWAYS,
        touch=attestation.TouchPolicy.NEVER,
    )
    assert card.log == []


def test_key_of_another_slot_and_curve_signs(
    server: Server, alice: Holder, card: PivCard, pin_file: Path
) -> None:
    card.put(SlotKey(private=generate_private_key(SECP384R1()), pin=PinPolicy.ONCE), 0x82)
    zoe = server.holder("@zoe")
    zoe.settings(SETTINGS.replace("@yara", "@zoe"))
    server.start(alice, zoe)
    outcome = sign(zoe, "--key", "hsm:5?label=YubiKey+PIV+%2315835999", "--pin-file", pin_file)
    assert outcome.code == 0, outcome.err
    assert f"signed: root version 1, targets version 1 with slot 82 of {LABEL}" in outcome.out
    assert card.log == ["PIN right", "82 signed"] * 2
    assert is_signed(server)
