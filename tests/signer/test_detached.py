"""Signing without network or clone: payload, offline, add, job; with real git and real keys."""

import json
from pathlib import Path

import pytest
from tests.signer.carrying import (
    job,
    offline,
    offline_apart,
    root_fingerprint,
    sha256,
    signs,
)
from tests.signer.helpers import NEXT, Holder, Server, converse, git, targets_of
from tests.support.tokens import LABEL

FOLDER = "metadata/.signatures/"


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    folder = tmp_path / "medium"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(started: Server, alice: Holder) -> Server:
    """Return the server with an event that waits for both to sign root and targets."""
    (alice.clone / "file.txt").write_text("one\n")
    alice.yes("target", "add", NEXT, alice.clone / "file.txt")
    alice.yes("delegate", NEXT, "root", "--expiry-period", "300")
    return started


@pytest.fixture
def payload(opened: Server, alice: Holder, medium: Path) -> Path:
    assert NEXT in opened.heads()
    file = medium / "payload"
    _made(alice, file)
    return file


def _made(person: Holder, file: Path) -> str:
    outcome = person.run("payload", NEXT, "-o", file)
    assert outcome.code == 0, outcome.err
    return outcome.out


def files(server: Server, branch: str = NEXT) -> list[str]:
    return git(server.path, "ls-tree", "-r", "--name-only", branch).splitlines()


def test_from_payload_to_ready(
    opened: Server, payload: Path, alice: Holder, bob: Holder, medium: Path
) -> None:
    root, known = root_fingerprint(opened), files(opened)
    for person in (alice, bob):
        output = medium / f"signatures-{person.clone.name}.json"
        words = signs(person, payload, output, "--yes", "--root-fingerprint", root)
        outcome = offline_apart(medium, words)
        assert outcome.code == 0, outcome.err
        assert f"payload of {NEXT}\nSHA-256 {sha256(payload)}\n" in outcome.out
        assert "file.txt" in outcome.out
        assert outcome.last == f"wrote {output}"
    for person in (alice, bob):
        outcome = alice.run("signature", "add", medium / f"signatures-{person.clone.name}.json")
        assert outcome.code == 0, outcome.err
        assert f"root version 2 by {person.name}" in outcome.out
        assert f"targets version 2 by {person.name}" in outcome.out
    assert len([path for path in files(opened) if path.startswith(FOLDER)]) == 4

    assert job(opened) == "ready"

    assert files(opened) == known
    assert opened.review(NEXT).verdict.word == "ready"
    assert len(targets_of(opened).targets) == 1


def test_payload_says_what_it_is_and_is_the_same_each_time(
    opened: Server, alice: Holder, bob: Holder, medium: Path
) -> None:
    said = _made(alice, medium / "one")
    _made(bob, medium / "two")
    assert sha256(medium / "one") == sha256(medium / "two")
    head = opened.heads()[NEXT][:10]
    assert said == (
        f"wrote {medium / 'one'}: {NEXT} at {head}, {(medium / 'one').stat().st_size} bytes\n"
        f"SHA-256 {sha256(medium / 'one')}\n"
        f"{NEXT} is waiting for @alice, @bob_acme\n"
        "on the machine with the key run:\n"
        "  tufline sign --offline one --user @NAME -o signatures.json\n"
    )


def test_what_is_shown_offline_is_what_sign_shows(
    payload: Path, opened: Server, bob: Holder, medium: Path
) -> None:
    reviewed = bob.run("review", "--base", "origin/main", "--event", f"origin/{NEXT}")
    shown = offline(
        *(bob, payload, medium / "s", "--yes", "--root-fingerprint", root_fingerprint(opened))
    ).out
    for line in reviewed.out.splitlines()[1:]:
        assert line in shown


def test_signature_is_made_with_a_token(
    accepted: Server, dora: Holder, pin_file: Path, medium: Path
) -> None:
    del accepted
    assert dora.token is not None
    event = "sign/start"
    outcome = dora.run_apart("payload", event, "-o", medium / "payload")
    assert outcome.code == 0, outcome.err
    words = ["sign", "--offline", "../payload", "-o", "../s.json", "--user", "dora", "--yes"]
    outcome = offline_apart(
        medium, [*words, "--pin-file", str(pin_file)], **dict(dora.token.environment)
    )
    assert outcome.code == 0, outcome.err
    assert "its main has no root yet: this is a new repository" in outcome.out
    assert f"signed: root, targets with slot 9c of {LABEL}" in outcome.out
    outcome = dora.run_apart("signature", "add", medium / "s.json")
    assert outcome.code == 0, outcome.err
    assert job(_server(dora), event) == "ready"


def _server(person: Holder) -> Server:
    return Server(path=Path(git(person.clone, "remote", "get-url", "origin")))


def test_first_use_is_asked_for_at_the_terminal_and_then_remembered(
    payload: Path, opened: Server, alice: Holder, bob: Holder, medium: Path
) -> None:
    refused = offline(bob, payload, medium / "s", "--yes")
    assert refused.code == 2
    assert "give --root-fingerprint HEX" in refused.err
    assert not (medium / "s").exists()
    talk = [("is this the right root 1?", "y"), ("sign root version 2, targets version 2", "y")]
    screen = converse(bob, signs(bob, payload, medium / "s"), talk)
    assert root_fingerprint(opened) in screen
    again = offline(alice, payload, medium / "s2", "--yes")
    assert again.code == 0
    assert "first use" not in again.out


def test_no_at_the_terminal_writes_nothing(payload: Path, bob: Holder, medium: Path) -> None:
    talk = [("is this the right root 1?", "n")]
    converse(bob, signs(bob, payload, medium / "s"), talk, code=130)
    assert not (medium / "s").exists()


def test_two_signers_add_at_the_same_moment(
    payload: Path, opened: Server, alice: Holder, bob: Holder, medium: Path
) -> None:
    trusted = ("--yes", "--root-fingerprint", root_fingerprint(opened))
    for person in (alice, bob):
        assert offline(person, payload, medium / person.name, *trusted).code == 0
    (opened.path / "hooks").mkdir(exist_ok=True)
    marker = medium / "raced"
    # The first push finds the branch moved: somebody else's commit comes first.
    other = alice.clone
    git(other, "fetch", "--quiet")
    git(other, "checkout", "--quiet", "--detach", f"origin/{NEXT}")
    (other / "targets" / "more.txt").parent.mkdir(exist_ok=True)
    opened.hook(
        "pre-receive",
        f"test -e {marker} && exit 0\ntouch {marker}\nunset GIT_QUARANTINE_PATH\n"
        f"exec git update-ref refs/heads/{NEXT} $(git commit-tree -p {NEXT} -m raced "
        f"$(git rev-parse {NEXT}^{{tree}}))\n",
    )
    assert alice.run("signature", "add", medium / "@alice").code == 0
    assert marker.exists()
    assert bob.run("signature", "add", medium / "@bob_acme").code == 0
    assert job(opened) == "ready"


def test_adding_again_changes_nothing(
    payload: Path, opened: Server, bob: Holder, medium: Path
) -> None:
    output = medium / "s"
    assert (
        offline(
            *(bob, payload, output, "--yes", "--root-fingerprint", root_fingerprint(opened))
        ).code
        == 0
    )
    assert bob.run("signature", "add", output, NEXT).code == 0
    heads = opened.heads()
    for _ in range(2):
        outcome = bob.run("signature", "add", output)
        assert outcome.out == f"{NEXT} has these signatures already; nothing was pushed\n"
        assert opened.heads() == heads
        assert job(opened) == "waiting"  # and after the job has taken them
        heads = opened.heads()


def test_signature_file_is_small_and_holds_nothing_else(
    payload: Path, opened: Server, bob: Holder, medium: Path
) -> None:
    output = medium / "s"
    offline(*(bob, payload, output, "--yes", "--root-fingerprint", root_fingerprint(opened)))
    tree = json.loads(output.read_bytes())
    assert tree["event"] == NEXT
    assert tree["payload-file"] == sha256(payload)
    assert [each["role"] for each in tree["signatures"]] == ["root", "targets"]
    assert output.stat().st_size < 1500


def test_from_a_fork_the_signatures_are_offered_as_a_pull_request(
    payload: Path, opened: Server, bob: Holder, medium: Path
) -> None:
    fork = opened.folder / "fork"
    git(opened.folder, "clone", "--quiet", "--bare", opened.path, fork)
    git(bob.clone, "remote", "add", "fork", fork)
    bob.settings('user-name = "@bob_acme"\npush-remote = "fork"\n')
    output, before = medium / "s", opened.heads()
    assert (
        offline(
            *(bob, payload, output, "--yes", "--root-fingerprint", root_fingerprint(opened))
        ).code
        == 0
    )
    outcome = bob.run("signature", "add", output)
    assert outcome.code == 0, outcome.err
    assert outcome.last == (f"now offer branch {NEXT} of fork to branch {NEXT} of the original")
    assert opened.heads() == before
    changed = git(fork, "diff", "--name-only", "main", NEXT).splitlines()
    assert len([path for path in changed if path.startswith(FOLDER)]) == 2


def test_nothing_to_sign_writes_nothing(opened: Server, alice: Holder, medium: Path) -> None:
    alice.yes("sign", NEXT, "--no-wire")
    _made(alice, medium / "later")
    outcome = offline(
        *(alice, medium / "later", medium / "s", "--yes"),
        *("--root-fingerprint", root_fingerprint(opened)),
    )
    assert outcome.code == 0
    assert outcome.last == "nothing for @alice to sign here; nothing was written"
    assert not (medium / "s").exists()
