"""`tufline key create`: keys in files and on tokens, without ever overwriting one."""

import stat
import tomllib
from pathlib import Path

import pytest
from tests.signer.helpers import Holder, Server, converse
from tests.support.slots import without_key
from tests.support.tokens import LABEL, PIN, final_try, lock, plug_in

WORDS = "correct horse battery staple"
PROMPT = "passphrase of {file}: "


@pytest.fixture
def words(tmp_path: Path) -> Path:
    file = tmp_path / "words"
    file.write_text(f"{WORDS}\n")
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return (tmp_path / "mine.pem").resolve()


def settings_of(person: Holder) -> dict[str, object]:
    return tomllib.loads((person.clone / ".tufline-sign.toml").read_text())


def test_key_in_a_file_is_encrypted_and_says_how_to_use_it(
    alice: Holder, file: Path, words: Path
) -> None:
    outcome = alice.yes("key", "create", "--file", file, "--pin-file", words)
    assert outcome.out == (
        f"made a p256 key in {file}\n"
        f"public key: {file}.pub\n"
        f"signer URI: file2:{file}\n"
        "to use it, put this line into .tufline-sign.toml, before any [table]:\n"
        f'key = "file2:{file}"\n'
        "then accept an invitation with `tufline sign`, or run `tufline key replace`\n"
    )
    assert outcome.err == ""
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_passphrase_is_asked_for_twice_and_not_shown(alice: Holder, file: Path) -> None:
    prompt = PROMPT.format(file=file)
    talk = [(prompt, WORDS), (f"again, {prompt}", "another one"), (prompt, WORDS)]
    shown = converse(alice, ["key", "create", "--file", str(file)], [*talk, ("again", WORDS)])
    assert WORDS not in shown
    assert f"made a p256 key in {file}" in shown


def test_key_without_a_passphrase_is_warned_of_and_can_be_set(alice: Holder, file: Path) -> None:
    outcome = alice.yes("key", "create", "--file", file, "--no-passphrase", "--set")
    assert outcome.err == (
        "warning: without a passphrase whoever reads the file can sign in your name\n"
    )
    assert f"set as key in {alice.clone / '.tufline-sign.toml'}\n" in outcome.out
    assert settings_of(alice) == {"user-name": "@alice", "key": f"file2:{file}"}


def test_setting_is_put_before_tables_and_all_else_stays(alice: Holder, file: Path) -> None:
    alice.settings('# mine\nuser-name = "@alice"\n[signing-keys]\nabc = "hsm:2"\n')
    alice.yes("key", "create", "--file", file, "--no-passphrase", "--set")
    assert (alice.clone / ".tufline-sign.toml").read_text() == (
        f'# mine\nuser-name = "@alice"\nkey = "file2:{file}"\n[signing-keys]\nabc = "hsm:2"\n'
    )


def test_other_setting_is_not_replaced_without_a_yes(alice: Holder, file: Path) -> None:
    before = settings_of(alice)
    outcome = alice.run("key", "create", "--file", file, "--no-passphrase", "--set")
    assert outcome.code == 2
    assert "there is no terminal to ask at: give --yes" in outcome.err
    assert settings_of(alice) == before
    assert not file.exists()


def test_settings_of_another_tool_are_not_written(alice: Holder, file: Path) -> None:
    (alice.clone / ".tufline-sign.toml").unlink()
    old = alice.clone / ".tuf-on-ci-sign.ini"
    old.write_text("[settings]\nuser-name = @alice\n")
    outcome = alice.run("key", "create", "--file", file, "--no-passphrase", "--set", "--yes")
    assert outcome.code == 1
    assert f"error: the settings are in {old}, which --set does not write\n" in outcome.err
    assert not file.exists()


def test_setting_in_an_unusual_form_is_left_to_the_person(alice: Holder, file: Path) -> None:
    alice.settings('user-name = "@alice"\nkey = """\\\nhsm:2"""\n')
    outcome = alice.run("key", "create", "--file", file, "--no-passphrase", "--set", "--yes")
    assert outcome.code == 1
    assert f'put this line into it by hand, before any [table]: key = "file2:{file}"' in outcome.err
    assert settings_of(alice)["key"] == "hsm:2"
    assert file.exists()


def test_private_key_does_not_get_into_the_clone(alice: Holder, words: Path) -> None:
    file = alice.clone / "key.pem"
    outcome = alice.run("key", "create", "--file", file, "--pin-file", words)
    assert outcome.code == 1
    assert outcome.err.startswith(f"error: {file} would lie in the clone {alice.clone}\n")
    assert not file.exists()


def test_file_is_not_overwritten(alice: Holder, file: Path, words: Path) -> None:
    file.write_text("mine")
    outcome = alice.run("key", "create", "--file", file, "--pin-file", words)
    assert outcome.code == 1
    assert outcome.err == (
        f"error: {file} exists already\nhint: name another file: keys are never overwritten\n"
    )
    assert file.read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give either --file or --token"),
        (("--file", "x", "--token"), "give either --file or --token"),
        (("--file", "x"), "there is no terminal to ask at: give --pin-file, --pin-fd or "),
        (("--token", "--type", "ed25519"), "--type for a token is p256 or p384"),
    ],
)
def test_wrong_usage_is_named(alice: Holder, arguments: tuple[str, ...], message: str) -> None:
    alice.clone.joinpath("x").unlink(missing_ok=True)
    given = [str(alice.clone.parent / "x") if each == "x" else each for each in arguments]
    outcome = alice.run("key", "create", *given)
    assert outcome.code == 2
    assert message in outcome.err


def test_key_is_made_on_a_token_with_its_pin(server: Server, tmp_path: Path, words: Path) -> None:
    token = plug_in(tmp_path / "token")
    words.write_text(PIN)
    dora = server.holder("@dora", token=token)
    making = ("key", "create", "--token", "--pin-file", words, "--yes")
    taken = dora.run_apart(*making)
    assert taken.code == 1
    assert taken.err == (
        f"error: slot 9c of {LABEL} holds a key or a certificate already\n"
        "hint: name another slot with --slot: keys are never overwritten\n"
    )
    made = dora.run_apart(*making, "--slot", "9A", "--type", "p384", "--set")
    assert made.code == 0, made.err
    uri = "hsm:1?label=YubiKey+PIV+%2315835999"
    assert made.out == (
        f"made a p384 key in slot 9a of {LABEL}\n"
        f"signer URI: {uri}\n"
        f"set as key in {dora.clone / '.tufline-sign.toml'}\n"
        "then accept an invitation with `tufline sign`, or run `tufline key replace`\n"
    )
    assert settings_of(dora)["key"] == uri
    assert dora.run_apart(*making, "--slot", "9a").code == 1


def test_at_a_terminal_a_key_on_a_token_is_asked_for(server: Server, tmp_path: Path) -> None:
    token = plug_in(tmp_path / "token")
    without_key(token)
    dora = server.holder("@dora", token=token)
    question = f"make a new p256 key in slot 9c of {LABEL}? [y/N]: "
    command = ["key", "create", "--token", LABEL]
    assert "PIN of" not in converse(dora, command, [(question, "n")], code=130)
    shown = converse(dora, command, [(question, "y"), (f"PIN of {LABEL}: ", PIN)])
    assert "signer URI: hsm:2?label=YubiKey+PIV+%2315835999" in shown
    assert PIN not in shown


def test_wrong_pin_makes_no_key(server: Server, tmp_path: Path, words: Path) -> None:
    token = plug_in(tmp_path / "token")
    final_try(token)
    dora = server.holder("@dora", token=token)
    making = ("key", "create", "--token", "--slot", "82", "--pin-file", words, "--yes")
    refused = dora.run_apart(*making)
    assert (
        f"error: wrong PIN for {LABEL}; one attempt left before the PIN is locked\n" in refused.err
    )
    lock(token)
    assert f"error: the PIN of {LABEL} is locked\n" in dora.run_apart(*making).err


@pytest.mark.parametrize(
    ("slot", "message"),
    [("f9", "'f9' is not a PIV slot with a signing key"), ("96", "'96' is not a PIV slot")],
)
def test_slot_must_be_one_that_signs(alice: Holder, slot: str, message: str) -> None:
    outcome = alice.run("key", "create", "--token", "--slot", slot)
    assert outcome.code == 1
    assert message in outcome.err
