"""`tufline online set`: tried before anything is pushed, where that can be."""

from pathlib import Path

import pytest
from tests.signer.helpers import NEXT, Holder, Server, converse, root_of, targets_of, write_key

_URI = "x-tuf-on-ci-online-uri"


@pytest.fixture
def key(alice: Holder) -> Path:
    """Return a new online key, in a file."""
    file = alice.clone.parent / "next.pem"
    write_key(file)
    return file


def _uris(server: Server, role: str) -> list[str]:
    root = root_of(server)
    return [root.keys[keyid].unrecognized_fields[_URI] for keyid in root.roles[role].keyids]


def test_key_is_fetched_and_tried(started: Server, alice: Holder, key: Path) -> None:
    outcome = alice.yes("online", "set", NEXT, "timestamp", "--online-key", f"file2:{key}")
    assert f"file2:{key}:\n  signed a trial, and its public key verifies that\n" in outcome.out
    assert _uris(started, "timestamp") == _uris(started, "snapshot") == [f"file2:{key}"]


def test_one_role_may_change_alone(started: Server, alice: Holder, key: Path) -> None:
    given = ("--event", NEXT, "--online-key", f"file2:{key}", "--only")
    alice.yes("online", "set", "snapshot", *given)
    assert _uris(started, "snapshot") == [f"file2:{key}"]
    assert _uris(started, "timestamp") != [f"file2:{key}"]


def test_key_that_does_not_match_is_not_proposed(
    started: Server, alice: Holder, key: Path, tmp_path: Path
) -> None:
    write_key(tmp_path / "other.pem")
    given = ("--online-key", f"file2:{key}", "--online-public-key", tmp_path / "other.pem.pub")
    for command in ("online", "set"), ("delegate",):
        outcome = alice.run(*command, NEXT, "timestamp", *given, "--yes")
        assert outcome.code == 1
        assert outcome.err.startswith(
            f"error: online key file2:{key}: CryptoSigner private key does not match public key"
        )
        assert "hint: nothing was pushed; check the URI and your rights" in outcome.err
    assert NEXT not in started.heads()
    outcome = alice.yes("online", "set", NEXT, "timestamp", *given, "--no-try")
    assert "  was not tried here: as asked;\n" in outcome.out


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("gcpkms:projects/x", "the library for its service is not installed here"),
        ("awskms:x", "the library for its service is not installed here"),
        ("azurekms://x.vault.azure.net/keys/y/1", "the library for its service is not installed"),
        ("hv:x/1", "the library for its service is not installed here"),
        ("hsm:2?label=x", "keys of this kind are tried by the job that holds them"),
        ("file2:nowhere.pem", "the file is not on this machine"),
    ],
)
def test_key_that_cannot_be_tried_is_left_to_the_job(
    started: Server, alice: Holder, key: Path, uri: str, reason: str
) -> None:
    given = ("--online-key", uri, "--online-public-key", f"{key}.pub")
    outcome = alice.yes("online", "set", NEXT, "timestamp", *given)
    assert f"{uri}:\n  was not tried here: {reason}" in outcome.out
    assert "the event's check online-keys will (tufline ci preflight)\n" in outcome.out
    assert _uris(started, "timestamp") == [uri]


def test_public_key_that_cannot_be_fetched_must_be_given(started: Server, alice: Holder) -> None:
    outcome = alice.run("online", "set", NEXT, "timestamp", "--online-key", "hv:x", "--yes")
    assert outcome.code == 2
    assert "there is no terminal to ask at: give --online-public-key\n" in outcome.err
    assert NEXT not in started.heads()


def test_delegated_role_gets_another_online_key(started: Server, alice: Holder, key: Path) -> None:
    first = alice.clone.parent / "first.pem"
    write_key(first)
    given = ("--path", "nightly/*", "--online-key", f"file2:{first}")
    alice.yes("delegate", NEXT, "nightly", *given)
    alice.yes("online", "set", NEXT, "nightly", "--online-key", f"file2:{key}")
    delegations = targets_of(started).delegations
    assert delegations is not None
    fields = [each.unrecognized_fields for each in delegations.keys.values()]
    assert fields == [{_URI: f"file2:{key}"}]
    assert targets_of(started).version == 2


@pytest.mark.parametrize(
    ("role", "message"),
    [("targets", "targets is signed by people"), ("nobody", "there is no role nobody")],
)
def test_role_that_is_not_signed_online_is_named(
    started: Server, alice: Holder, key: Path, role: str, message: str
) -> None:
    outcome = alice.run("online", "set", NEXT, role, "--online-key", f"file2:{key}", "--yes")
    assert outcome.code == 1
    assert outcome.err.startswith(f"error: {message}\n")
    assert NEXT not in started.heads()


def test_identity_of_a_workflow_is_named_by_its_uri_alone(started: Server, alice: Holder) -> None:
    workflow = "https://github.com/example/tuf/.github/workflows/online.yml@refs/heads/main"
    issuer = "https://token.actions.githubusercontent.com"
    given = ("--online-key", f"sigstore:{workflow}?issuer={issuer}")
    outcome = alice.yes("online", "set", NEXT, "timestamp", *given)
    assert "sigstore::\n  was not tried here: keys of this kind are tried by" in outcome.out
    root = root_of(started)
    (keyid,) = root.roles["timestamp"].keyids
    assert root.keys[keyid].keyval == {"identity": workflow, "issuer": issuer}
    assert _uris(started, "timestamp") == ["sigstore:"]


def test_at_a_terminal_role_kind_and_uri_are_asked(
    started: Server, alice: Holder, key: Path
) -> None:
    shown = converse(
        alice,
        ["online", "set", NEXT],
        [
            ("the online keys of which role [1]: ", "1"),
            ("what holds the online key [1]: ", "6"),
            ("signer URI of the online key: ", f"file2:{key}"),
            ("push this to sign/next? [y/N]: ", "y"),
        ],
    )
    assert "1. timestamp and snapshot\r\n" in shown
    assert "write its URI: file2:PATH\r\n" in shown
    assert _uris(started, "timestamp") == [f"file2:{key}"]


@pytest.mark.parametrize(
    ("given", "flag"),
    [
        (("--event", NEXT), "ROLE"),
        (("timestamp",), "--event"),
        ((NEXT, "timestamp"), "--online-key"),
    ],
)
def test_what_is_missing_is_named_by_its_flag(
    started: Server, alice: Holder, given: tuple[str, ...], flag: str
) -> None:
    outcome = alice.run("online", "set", *given, "--yes")
    assert outcome.code == 2
    assert f"there is no terminal to ask at: give {flag}\n" in outcome.err
    assert NEXT not in started.heads()
