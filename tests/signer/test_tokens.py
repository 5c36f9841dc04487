"""Signing with real SoftHSM tokens, each in a process of its own, and what tokens do wrong."""

import os
from pathlib import Path

import pytest
from tests.signer.helpers import EVENT, Holder, Outcome, Server, git, sign
from tests.support.tokens import LABEL, PIN, empty_token, final_try, lock, plug_in

from tufline.repository.review import Ready

OTHER = "YubiKey PIV #7"


@pytest.fixture
def wrong_pin(tmp_path: Path) -> Path:
    file = tmp_path / "wrong-pin"
    file.write_text("999999\n")
    return file


def refused(server: Server, outcome: Outcome, error: str, hint: str) -> None:
    """Check that the command failed with these words, and signed nothing."""
    assert outcome.err == f"error: {error}\nhint: {hint}\n"
    assert outcome.code == 1
    assert all(role.signed == () for role in server.review().roles)


def test_three_holders_start_a_repository(server: Server, tmp_path: Path, pin_file: Path) -> None:
    people = [
        server.holder(name, token=plug_in(tmp_path / f"token-{name}"))
        for name in ("@ann", "@ben", "@cid")
    ]
    server.start(people[0], *people, threshold=2)
    for person in (*people, people[0]):
        outcome = sign(person, "--pin-file", pin_file)
        assert outcome.code == 0, outcome.err
    review = server.review()
    assert review.verdict == Ready()
    assert {role.name: role.signed for role in review.roles} == {
        "root": ("@ann", "@cid"),
        "targets": ("@ann", "@ben", "@cid"),
    }
    root = server.read("metadata/root.json")
    assert root == server.read("metadata/root_history/1.root.json")


def test_wrong_pin_is_tried_once(accepted: Server, dora: Holder, wrong_pin: Path) -> None:
    refused(
        accepted,
        sign(dora, "--pin-file", wrong_pin),
        f"wrong PIN for {LABEL}; few attempts left before the PIN is locked",
        "check that it is the PIN (not the PUK) of this token, then run the command again",
    )


def test_wrong_pin_is_not_followed_by_the_next_line(accepted: Server, dora: Holder) -> None:
    reading, writing = os.pipe()
    os.write(writing, f"999999\n{PIN}\n".encode())
    os.close(writing)
    outcome = dora.run_apart(
        "sign", EVENT, "--yes", "--pin-fd", str(reading), descriptors=(reading,)
    )
    os.close(reading)
    assert outcome.code == 1
    assert f"wrong PIN for {LABEL}" in outcome.err
    assert accepted.review().roles[0].signed == ()


def test_last_attempt_is_announced(accepted: Server, dora: Holder, wrong_pin: Path) -> None:
    assert dora.token
    final_try(dora.token)
    outcome = sign(dora, "--pin-file", wrong_pin)
    assert (
        f"error: wrong PIN for {LABEL}; one attempt left before the PIN is locked\n" in outcome.err
    )
    assert accepted.review().roles[0].signed == ()


def test_locked_token_is_not_asked(accepted: Server, dora: Holder, pin_file: Path) -> None:
    assert dora.token
    lock(dora.token)
    for pin in ((), ("--pin-file", pin_file)):
        refused(
            accepted,
            sign(dora, *pin),
            f"the PIN of {LABEL} is locked",
            "unlock it with its PUK (for a YubiKey: `ykman piv access unblock-pin`)",
        )


def test_absent_module_is_named(accepted: Server, dora: Holder, pin_file: Path) -> None:
    refused(
        accepted,
        sign(dora, "--pin-file", pin_file, PYKCS11LIB="/nowhere/lib.so"),
        "the PKCS#11 module /nowhere/lib.so does not exist",
        "correct the variable PYKCS11LIB or the setting pykcs11lib",
    )


def test_file_that_is_no_module_is_named(
    accepted: Server, dora: Holder, pin_file: Path, tmp_path: Path
) -> None:
    module = tmp_path / "lib.so"
    module.write_text("not a library\n")
    outcome = sign(dora, "--pin-file", pin_file, PYKCS11LIB=str(module))
    assert outcome.code == 1
    assert outcome.err.startswith(
        f"error: {module} cannot be loaded as a PKCS#11 module: OS exception while loading"
    )
    assert accepted.review().roles[0].signed == ()


def test_module_of_the_settings_is_used(accepted: Server, dora: Holder, pin_file: Path) -> None:
    assert dora.token
    dora.settings(f'user-name = "@dora"\npykcs11lib = "{dora.token.module}"\n')
    assert sign(dora, "--pin-file", pin_file, PYKCS11LIB="").code == 0
    assert accepted.review().verdict == Ready()


def test_no_token_is_named(accepted: Server, dora: Holder, pin_file: Path) -> None:
    assert dora.token
    for token in dora.token.folder.glob("tokens/*"):
        token.rename(dora.token.folder / "unplugged")
    hint = "plug in the token; `tufline key list` shows what is attached"
    refused(accepted, sign(dora, "--pin-file", pin_file), "no token found", hint)


def test_named_token_that_is_not_plugged_in_is_named(
    accepted: Server, dora: Holder, pin_file: Path
) -> None:
    refused(
        accepted,
        sign(dora, "--pin-file", pin_file, "--key", "hsm:2?label=Mine"),
        "no token named Mine is plugged in",
        "plug in the token; `tufline key list` shows what is attached",
    )


def test_token_with_the_right_key_is_found_among_two(
    accepted: Server, dora: Holder, pin_file: Path
) -> None:
    assert dora.token
    plug_in(dora.token.folder, OTHER)
    outcome = sign(dora, "--pin-file", pin_file)
    assert f"signed: root version 1, targets version 1 with slot 9c of {LABEL} (" in outcome.out
    assert accepted.review().verdict == Ready()


def test_token_with_another_key_is_not_used(
    accepted: Server, dora: Holder, pin_file: Path, tmp_path: Path
) -> None:
    other = plug_in(tmp_path / "other", OTHER)
    outcome = sign(dora, "--pin-file", pin_file, **other.environment)
    assert outcome.code == 1
    assert f" of @dora is not in slot 9c of {OTHER}\n" in outcome.err
    assert accepted.review().roles[0].signed == ()


def test_two_tokens_need_a_choice_for_a_new_key(
    server: Server, alice: Holder, dora: Holder, pin_file: Path
) -> None:
    server.start(alice, dora)
    assert dora.token
    plug_in(dora.token.folder, OTHER)
    before = server.heads()
    outcome = sign(dora, "--pin-file", pin_file)
    assert outcome.code == 1
    assert outcome.err in {
        f"error: several tokens are plugged in: {labels}\n"
        "hint: unplug the others; or choose one with --key, or the setting key, for example: "
        'key = "hsm:2?label=YubiKey+PIV+%2315835999"\n'
        for labels in (f"{LABEL}, {OTHER}", f"{OTHER}, {LABEL}")
    }
    assert server.heads() == before
    chosen = sign(dora, "--pin-file", pin_file, "--key", "hsm:2?label=YubiKey+PIV+%237")
    assert f"with slot 9c of {OTHER} (" in chosen.out
    assert server.review().verdict == Ready()


def test_token_without_a_key_is_named(
    server: Server, alice: Holder, pin_file: Path, tmp_path: Path
) -> None:
    eve = server.holder("@eve", token=empty_token(tmp_path / "empty"))
    server.start(alice, eve)
    before = server.heads()
    outcome = sign(eve, "--pin-file", pin_file)
    assert outcome.err == (
        f"error: {LABEL} has no P-256 or P-384 key in slot 9c\n"
        "hint: see `tufline key list`; make a key with `tufline key create --token`, "
        "or check --key\n"
    )
    assert outcome.code == 1
    assert server.heads() == before


@pytest.mark.parametrize(
    ("flags", "code", "message"),
    [
        ((), 2, "Error: there is no terminal to ask at: give --pin-file or --pin-fd\n"),
        (("--pin-fd", "0", "--pin-file", "pin"), 2, "give --pin-fd or --pin-file, not both\n"),
        (("--pin-fd", "0"), 1, "error: there is no PIN in file descriptor 0\n"),
    ],
)
def test_pin_must_come_from_somewhere(
    accepted: Server,
    dora: Holder,
    pin_file: Path,
    flags: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    outcome = sign(dora, *[str(pin_file) if flag == "pin" else flag for flag in flags])
    assert outcome.code == code
    assert message in outcome.err
    assert accepted.review().roles[0].signed == ()


def test_pin_can_come_by_a_descriptor(accepted: Server, dora: Holder) -> None:
    reading, writing = os.pipe()
    os.write(writing, f"{PIN}\n".encode())
    os.close(writing)
    outcome = dora.run_apart(
        "sign", EVENT, "--yes", "--pin-fd", str(reading), descriptors=(reading,)
    )
    os.close(reading)
    assert outcome.code == 0, outcome.err
    assert accepted.review().verdict == Ready()


def test_key_is_replaced_by_that_of_a_new_token(
    accepted: Server, dora: Holder, pin_file: Path, tmp_path: Path
) -> None:
    assert sign(dora, "--pin-file", pin_file).code == 0
    accepted.merge()
    new = plug_in(tmp_path / "new", OTHER)
    given = ("--yes", "--pin-file", pin_file, "--no-old-key")
    replaced = dora.run_apart("key", "replace", EVENT, *given, environment=new.environment)
    assert replaced.code == 0, replaced.err
    for token in (dora.token, new):
        assert token
        assert sign(dora, "--pin-file", pin_file, **token.environment).code == 0
    (root,) = [role for role in accepted.review().roles if role.name == "root"]
    assert root.ready
    assert git(accepted.path, "log", "-1", "--format=%s", EVENT) == "Sign root as @dora"
