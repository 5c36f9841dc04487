"""`tufline key replace`: another key of the same person."""

from pathlib import Path

import pytest
from tests.signer.helpers import NEXT, Holder, Server, root_of, write_key


def test_key_is_replaced_where_the_old_one_stood(started: Server, alice: Holder) -> None:
    before = root_of(started, "main").roles["root"].keyids
    new = alice.clone.parent / "new.pem"
    write_key(new)
    outcome = alice.yes("key", "replace", NEXT, "--key", f"file2:{new}")
    after = root_of(started).roles["root"].keyids
    assert outcome.last == "now run: tufline sign sign/next"
    assert [new == old for new, old in zip(after, before, strict=True)].count(True) == 1


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
