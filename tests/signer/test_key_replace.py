"""`tufline key replace`: another key of the same person."""

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from tests.signer.helpers import EVENT, NEXT, Holder, Server, root_of, targets_of, write_key

from tufline.repository.review import Ready


def test_key_is_replaced_where_the_old_one_stood(started: Server, alice: Holder) -> None:
    before = root_of(started, "main").roles["root"].keyids
    new = alice.clone.parent / "new.pem"
    write_key(new)
    outcome = alice.yes("key", "replace", NEXT, "--key", f"file2:{new}")
    after = root_of(started).roles["root"].keyids
    assert outcome.last == "now run: tufline sign sign/next"
    assert [new == old for new, old in zip(after, before, strict=True)].count(True) == 1


@pytest.fixture
def new(alice: Holder) -> Path:
    """Return a new key, in a file."""
    file = alice.clone.parent / "new.pem"
    write_key(file)
    return file


def test_both_keys_prove_that_they_are_in_the_same_hands(
    started: Server, alice: Holder, new: Path
) -> None:
    outcome = alice.yes("key", "replace", "--event", NEXT, "--key", f"file2:{new}")
    first, second, *_ = outcome.out.splitlines()
    assert re.fullmatch(rf"the new key [0-9a-f]{{7}} signed a proof: file2:{new}", first)
    old = re.escape(f"file2:{alice.key_file}")
    assert re.fullmatch(rf"the old key [0-9a-f]{{7}} signed a proof: {old}", second)
    del started


def test_old_key_may_be_left_alone(started: Server, alice: Holder, new: Path) -> None:
    left = alice.yes("key", "replace", NEXT, "--key", f"file2:{new}", "--no-old-key")
    assert "the old key" not in left.out
    assert NEXT in started.heads()


def test_old_key_may_be_gone_where_the_others_are_enough(
    server: Server, alice: Holder, bob: Holder, new: Path
) -> None:
    server.start(alice, alice, bob)
    for person in (alice, bob, alice):
        person.yes("sign", EVENT)
    server.merge()
    alice.key_file.unlink()
    gone = alice.yes("key", "replace", NEXT, "--key", f"file2:{new}")
    assert "is not at hand, so the others must do without it:\n  file2:" in gone.out
    bob.yes("sign", NEXT)
    alice.yes("sign", NEXT)
    assert isinstance(server.review(NEXT).verdict, Ready)


def test_event_that_could_never_get_ready_is_not_opened(
    started: Server, alice: Holder, new: Path
) -> None:
    """Also: nothing is asked before, here for the passphrase of the new key."""
    encrypt(new)
    alice.key_file.unlink()
    outcome = alice.run("key", "replace", NEXT, "--key", f"file2:{new}", "--pin-file=/dev/null")
    assert outcome.code == 1
    problem, *roles, hint = outcome.err.splitlines()
    assert re.fullmatch(
        r"error: the old key [0-9a-f]{7} is not at hand, "
        r"and without it sign/next could never get ready:",
        problem,
    )
    assert roles == [
        f"  {role} needs 2 signatures by keys that main names, of @alice, @bob_acme; "
        "without the old key only 1 is possible"
        for role in ("root", "targets")
    ]
    assert hint.startswith("hint: nothing was pushed; find the old key and plug it in, or ")
    assert "if it is elsewhere, give --no-old-key and let it sign later" in hint
    assert 'docs/recovery.md, "A threshold is lost"' in hint
    assert outcome.out == ""
    assert NEXT not in started.heads()


def test_old_key_that_is_elsewhere_must_sign_later_and_that_is_told(
    started: Server, alice: Holder, new: Path
) -> None:
    elsewhere = alice.key_file.rename(new.with_name("elsewhere.pem"))
    outcome = alice.yes("key", "replace", NEXT, "--key", f"file2:{new}", "--no-old-key")
    assert re.search(
        r"^the old key [0-9a-f]{7} must sign, too, since root, targets cannot do without it: "
        r"run tufline sign sign/next where it is ",
        " ".join(outcome.out.split()),
    )
    assert NEXT in started.heads()
    alice.yes("sign", NEXT, "--key", f"file2:{elsewhere}")


def test_key_that_turns_out_not_to_be_the_old_one_opens_no_such_event(
    started: Server, alice: Holder, new: Path, tmp_path: Path
) -> None:
    """An encrypted file does not show whether it is the old key before its passphrase is there."""
    write_key(alice.key_file)
    encrypt(alice.key_file)
    Path(f"{alice.key_file}.pub").unlink()
    right = tmp_path / "right"
    right.write_text("correct horse\n")
    given = ("--key", f"file2:{new}", "--old-pin-file", right)
    outcome = alice.run("key", "replace", NEXT, *given, "--yes")
    assert outcome.code == 1
    assert "could never get ready" in outcome.err
    assert NEXT not in started.heads()


def encrypt(file: Path) -> None:
    """Protect a key with the passphrase "correct horse"."""
    private = load_pem_private_key(file.read_bytes(), None)
    secret = BestAvailableEncryption(b"correct horse")
    file.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret))


def test_new_key_must_sign_before_anything_is_pushed(
    started: Server, alice: Holder, new: Path
) -> None:
    encrypt(new)
    wrong = new.with_name("wrong")
    wrong.write_text("battery staple\n")
    command = ("key", "replace", NEXT, "--key", f"file2:{new}", "--yes")
    outcome = alice.run(*command, "--pin-file", wrong)
    assert outcome.code == 1
    assert outcome.err.startswith(f"error: this is not the passphrase of {new}\n")
    unasked = alice.run(*command)
    assert "there is no terminal to ask at: give --pin-file or --pin-fd\n" in unasked.err
    assert NEXT not in started.heads()


def test_old_key_with_a_pin_needs_a_flag_of_its_own(
    started: Server, alice: Holder, new: Path
) -> None:
    encrypt(alice.key_file)
    command = ("key", "replace", NEXT, "--key", f"file2:{new}", "--yes")
    alice.key_file.with_name(f"{alice.key_file.name}.pub").unlink(missing_ok=True)
    outcome = alice.run(*command)
    assert outcome.code == 2
    flags = "--old-pin-file, or --no-old-key"
    assert f"there is no terminal to ask at: give {flags}\n" in outcome.err
    assert NEXT not in started.heads()
    right = new.with_name("right")
    right.write_text("correct horse\n")
    alice.yes(*command, "--old-pin-file", right)


def test_both_keys_are_found_afterwards(
    started: Server, alice: Holder, bob: Holder, new: Path
) -> None:
    outcome = alice.yes("key", "replace", NEXT, "--key", f"file2:{new}")
    assert ".tufline-sign.toml says where your keys are\n" in outcome.out
    settings = (alice.clone / ".tufline-sign.toml").read_text()
    assert settings.splitlines()[:2] == ['user-name = "@alice"', f'key = "file2:{new}"']
    alice.yes("sign", NEXT)
    bob.yes("sign", NEXT)
    (root,) = [role for role in started.review(NEXT).roles if role.name == "root"]
    assert root.previous is not None
    assert {*root.signed} == {*root.previous.signed} == {"@alice", "@bob_acme"}


def test_key_of_a_delegated_role_is_replaced_in_the_same_event(
    started: Server, alice: Holder, new: Path
) -> None:
    alice.yes("delegate", NEXT, "npm", "--signers", "@alice")
    alice.yes("sign", NEXT)
    alice.yes("key", "replace", NEXT, "--key", f"file2:{new}")
    delegations = targets_of(started).delegations
    assert delegations is not None
    (keyid,) = delegations.keys
    assert keyid in root_of(started).roles["root"].keyids
    assert not started.review(NEXT).errors
    assert (root_of(started).version, targets_of(started).version) == (2, 2)


def test_ini_file_is_kept_up_to_date(started: Server, alice: Holder, new: Path) -> None:
    (alice.clone / ".tufline-sign.toml").unlink()
    ini = alice.clone / ".tuf-on-ci-sign.ini"
    ini.write_text(f"[settings]\nuser-name = @alice\nkey = file2:{alice.key_file}\n")
    alice.yes("key", "replace", NEXT, "--key", f"file2:{new}")
    old = next(iter(root_of(started, "main").roles["root"].keyids))
    assert ini.read_text() == (
        f"[settings]\nuser-name = @alice\nkey = file2:{new}\n\n"
        f"[signing-keys]\n{old} = file2:{alice.key_file}\n"
    )


def test_settings_that_single_lines_do_not_fit_are_left(
    started: Server, alice: Holder, new: Path
) -> None:
    inline = f'user-name = "@alice"\nkey = "file2:{alice.key_file}"\nsigning-keys = {{}}\n'
    alice.settings(inline)
    outcome = alice.yes("key", "replace", NEXT, "--key", f"file2:{new}")
    assert " was not changed: the entry is written in an unusual way" in outcome.out
    assert f'by hand, before any [table]: key = "file2:{new}"\n' in outcome.out
    assert (alice.clone / ".tufline-sign.toml").read_text() == inline
    del started


def test_key_is_not_replaced_with_itself(started: Server, alice: Holder) -> None:
    outcome = alice.run("key", "replace", NEXT, "--yes")
    assert outcome.code == 1
    assert outcome.err.startswith("error: this is already the key of @alice\n")
    assert NEXT not in started.heads()


def test_key_of_nobody_cannot_be_replaced(started: Server) -> None:
    outcome = started.holder("@mallory").run("key", "replace", NEXT, "--yes")
    assert outcome.code == 1
    assert outcome.err.startswith("error: @mallory is not a signer of any role\n")


@pytest.mark.parametrize(
    ("uri", "problem"),
    [
        ("file2:{folder}/none.pem", "no such file or directory"),
        ("file2:{folder}/alice/README.md", "not a private key in a PEM file"),
        ("gcpkms:projects/x", "a new key can be on a token or in a file"),
        ("floppy:a", "keys of the kind 'floppy' are not known"),
    ],
)
def test_key_that_leads_nowhere_is_named(
    started: Server, alice: Holder, uri: str, problem: str
) -> None:
    uri = uri.format(folder=Path(started.folder))
    outcome = alice.run("key", "replace", NEXT, "--key", uri, "--yes")
    assert outcome.code == 1
    assert outcome.err == (
        f"error: {uri}: {problem}\n"
        "hint: write hsm:2?label=TOKEN for a token, or file2:PATH for a private key in a PEM file\n"
    )
