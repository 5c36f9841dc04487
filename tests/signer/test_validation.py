"""Validators of main run on the signer's machine, with the same result as in the event."""

from tests.signer.helpers import NEXT, NOW, Holder, Outcome, Server, converse

from tufline.repository.jobs.checks.validators import validate_event

BUNDLED = """\
[[validator]]
name = "trust"
paths = ["*.json"]
use = "sigstore-trusted-root"
"""
COMMAND = """\
[[validator]]
name = "lint"
paths = ["*.json"]
command = ["sh", "./tools/lint"]
"""


def propose(server: Server, alice: Holder, settings: str, lint: str = "exit 0") -> None:
    """Let main have validators, and an event an artifact that is empty JSON."""
    server.commit("main", "tufline.toml", settings)
    server.commit("main", "tools/lint", lint)
    file = alice.clone.parent / "trusted_root.json"
    file.write_text("{}\n")
    alice.yes("target", "add", NEXT, file)


def signed_by(server: Server) -> tuple[str, ...]:
    (role,) = server.review(NEXT).roles
    return role.signed


def sign(alice: Holder) -> Outcome:
    return alice.run("sign", NEXT, "--yes")


def test_what_a_bundled_validator_refuses_is_not_signed(started: Server, alice: Holder) -> None:
    propose(started, alice, BUNDLED)
    outcome = sign(alice)
    assert outcome.code == 1
    assert "validator trust: tlogs is missing; add it" in outcome.out
    assert outcome.err == (
        "error: sign/next: validators refuse 1 of 1: correct what they name\n"
        "hint: nothing was signed; the artifact must be corrected in the event first\n"
    )
    assert signed_by(started) == ()


def test_what_a_command_refuses_is_not_signed(started: Server, alice: Holder) -> None:
    propose(started, alice, COMMAND, 'echo "no good: $(cat "$1")"; exit 1')
    outcome = sign(alice)
    assert outcome.code == 1
    assert "trusted_root.json, validator lint: no good: {}" in outcome.out
    assert signed_by(started) == ()


def test_the_event_and_the_signer_get_the_same_answer(started: Server, alice: Holder) -> None:
    propose(started, alice, BUNDLED + COMMAND, "echo bad; exit 1")
    outcome = sign(alice)
    with started.event(NEXT) as event:
        check = validate_event(event, now=NOW)
    assert check is not None
    assert len(check.text.splitlines()) > 1
    assert check.text in outcome.out


def test_sound_artifacts_are_signed(started: Server, alice: Holder) -> None:
    propose(started, alice, COMMAND)
    outcome = sign(alice)
    assert outcome.code == 0
    assert "validators found nothing wrong (1 looked at)" in outcome.out
    assert signed_by(started) == ("@alice",)


def test_a_program_that_is_not_there_refuses_nothing(started: Server, alice: Holder) -> None:
    propose(started, alice, COMMAND.replace("tools/lint", "tools/gone"))
    outcome = sign(alice)
    assert outcome.code == 0
    assert "not validated: main has no file tools/gone" in outcome.out
    assert signed_by(started) == ("@alice",)


def test_a_command_is_not_run_unasked(started: Server, alice: Holder) -> None:
    propose(started, alice, COMMAND, 'touch "$HOME/ran"; exit 1')
    outcome = alice.run("sign", NEXT)
    assert outcome.code == 2
    assert "there is no terminal to ask at: give --yes" in outcome.err
    assert signed_by(started) == ()


def test_a_declined_command_counts_like_one_that_cannot_start(
    started: Server, alice: Holder
) -> None:
    propose(started, alice, COMMAND, "exit 1")
    shown = converse(
        alice,
        ["sign", NEXT],
        [
            ("run main's validator here: sh ./tools/lint? [y/N]: ", "n"),
            ("sign targets version 2 with", "y"),
        ],
    )
    assert "not validated: you declined it" in shown
    assert signed_by(started) == ("@alice",)
