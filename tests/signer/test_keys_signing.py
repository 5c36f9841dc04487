"""Signing an event end to end with keys of each kind, and of what co-signers are told."""

from pathlib import Path

import pytest
from tests.signer.helpers import EVENT, Holder, Server, converse, sign
from tests.support.slots import add_key, without_key
from tests.support.tokens import LABEL, plug_in
from tuf.api.metadata import Metadata, Root

from tufline.repository.review import Ready
from tufline.signer.keys import make_file

WORDS = "correct horse battery staple"
OTHER = "YubiKey PIV #7"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    file = tmp_path / "words"
    file.write_text(f"{WORDS}\n")
    return file


def holder_of(server: Server, file: Path) -> Holder:
    holder = server.holder("@quinn")
    holder.settings(f'user-name = "@quinn"\nkey = "file2:{file}"\n')
    return holder


@pytest.mark.parametrize("kind", ["ml-dsa-44", "ml-dsa-65", "ml-dsa-87"])
def test_ml_dsa_key_signs_an_event_and_is_told_of(
    server: Server, alice: Holder, tmp_path: Path, words: Path, kind: str
) -> None:
    file = tmp_path / "key.pem"
    make_file(file, kind, WORDS)
    quinn = holder_of(server, file)
    server.start(alice, quinn)
    signed = quinn.yes("sign", EVENT, "--pin-file", words)
    assert f"signed: root version 1, targets version 1 with file2:{file} (" in signed.out
    review = server.review()
    assert review.verdict == Ready()
    told = [finding.message for finding in review.findings if finding.rule == "key-scheme"]
    told_of = f"the new key of @quinn has scheme {kind}/1, which not all TUF clients support"
    assert told == [f"{told_of}; test with yours before you sign"]
    root = Metadata[Root].from_bytes(server.read("metadata/root.json"))
    root.signed.verify_delegate("root", root.signed_bytes, root.signatures)  # as clients do


def test_passphrase_is_asked_once_for_all_roles(
    server: Server, alice: Holder, tmp_path: Path
) -> None:
    file = tmp_path / "key.pem"
    make_file(file, "p256", WORDS)
    quinn = holder_of(server, file)
    server.start(alice, quinn)
    talk = [
        (f"accept to sign root, targets with file2:{file}? [y/N]: ", "y"),
        (f"sign root version 1, targets version 1 with file2:{file}? [y/N]: ", "y"),
        (f"passphrase of {file}: ", WORDS),
    ]
    shown = converse(quinn, ["sign", EVENT], talk)
    assert shown.count("passphrase of") == 1
    assert WORDS not in shown
    assert server.review().verdict == Ready()


def test_wrong_passphrase_signs_nothing(
    server: Server, alice: Holder, tmp_path: Path, words: Path
) -> None:
    file = tmp_path / "key.pem"
    make_file(file, "p256", WORDS)
    words.write_text("another one\n")
    quinn = holder_of(server, file)
    server.start(alice, quinn)
    outcome = quinn.run("sign", EVENT, "--pin-file", words, "--yes")
    assert outcome.code == 1
    assert outcome.err == (
        f"error: this is not the passphrase of {file}\n"
        "hint: check the keyboard's layout and caps lock, then run the command again\n"
    )
    assert server.review().roles[0].signed == ()


def test_p384_key_in_any_slot_of_the_second_token_signs(
    server: Server, alice: Holder, tmp_path: Path, pin_file: Path
) -> None:
    token = plug_in(tmp_path / "token")
    without_key(token)
    add_key(token, 7, "secp384r1")
    dora = server.holder("@dora", token=token)
    server.start(alice, dora)
    no_pin = tmp_path / "no-pin"
    no_pin.write_text("\n")
    assert sign(dora, "--pin-file", no_pin).code == 1  # accepted
    plug_in(token.folder, OTHER)
    outcome = sign(dora, "--pin-file", pin_file)
    assert f"signed: root version 1, targets version 1 with slot 84 of {LABEL} (" in outcome.out
    assert server.review().verdict == Ready()


def test_setting_that_leads_to_another_key_is_named(
    accepted: Server, dora: Holder, pin_file: Path, tmp_path: Path
) -> None:
    other = plug_in(tmp_path / "other", OTHER)
    outcome = sign(dora, "--pin-file", pin_file, "--key", "hsm:", **other.environment)
    assert outcome.code == 1
    assert (
        f" of @dora is not in slot 9c of {OTHER}, which holds another key\nhint: is the right "
    ) in outcome.err
    assert accepted.review().roles[0].signed == ()


def test_key_that_is_not_the_chosen_one_is_looked_for(
    accepted: Server, dora: Holder, pin_file: Path
) -> None:
    """Whoever replaced a key has set the new one, and signs root with the old one as well."""
    assert dora.token
    add_key(dora.token, 1)
    outcome = sign(dora, "--pin-file", pin_file, "--key", "hsm:1")
    assert f"with slot 9c of {LABEL} (" in outcome.out
    assert accepted.review().verdict == Ready()
