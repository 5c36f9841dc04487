"""`tufline target`: artifacts of an event, with the metadata that lists them."""

import pytest
from tests.signer.helpers import NEXT, Holder, Server, targets_of


def test_artifact_and_metadata_are_one_commit(started: Server, alice: Holder) -> None:
    file = alice.clone.parent / "file.txt"
    file.write_text("one\n")
    alice.yes("target", "add", NEXT, file)
    assert started.read("targets/file.txt", NEXT) == b"one\n"
    assert list(targets_of(started).targets) == ["file.txt"]
    outcome = alice.yes("target", "remove", NEXT, "file.txt")
    assert targets_of(started).targets == {}
    assert "pushed to sign/next: Remove file.txt (" in outcome.out


def test_artifact_can_be_named_and_given_to_a_role(started: Server, alice: Holder) -> None:
    alice.yes("delegate", NEXT, "npm", "--signers", "@alice")
    file = alice.clone.parent / "keys.json"
    file.write_text("{}\n")
    alice.yes("target", "add", NEXT, file, "--role", "npm")
    alice.yes("target", "add", NEXT, file, "--name", "npm/2/keys.json")
    assert sorted(targets_of(started, "npm").targets) == ["npm/2/keys.json", "npm/keys.json"]


def test_same_artifact_again_changes_nothing(started: Server, alice: Holder) -> None:
    file = alice.clone.parent / "file.txt"
    file.write_text("one\n")
    alice.yes("target", "add", NEXT, file)
    before = started.heads()
    outcome = alice.yes("target", "add", NEXT, file)
    assert outcome.last == "sign/next is like that already; nothing was pushed"
    assert started.heads() == before


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--name", "nobody/x"), 1, "error: nobody/x belongs to no role\n"),
        (
            ("--role", "npm", "--name", "x"),
            1,
            "error: x belongs to targets, not to npm\n",
        ),
        (("extra", "--name", "x"), 2, "Error: --name is for one FILE\n"),
    ],
)
def test_artifact_that_cannot_be_listed_is_refused(
    started: Server, alice: Holder, arguments: tuple[str, ...], code: int, message: str
) -> None:
    file = alice.clone.parent / "file.txt"
    file.write_text("one\n")
    given = [str(file) if each == "extra" else each for each in arguments]
    outcome = alice.run("target", "add", NEXT, file, *given, "--yes")
    assert outcome.code == code
    assert message in outcome.err
    assert NEXT not in started.heads()


def test_artifact_that_is_not_there_cannot_be_removed(started: Server, alice: Holder) -> None:
    outcome = alice.run("target", "remove", NEXT, "file.txt", "--yes")
    assert outcome.code == 1
    assert outcome.err == (
        "error: sign/next has no artifact file.txt\n"
        "hint: name it as TUF clients do: the path below targets/\n"
    )
    assert NEXT not in started.heads()


def test_change_that_breaks_a_rule_is_shown_and_not_pushed(started: Server, alice: Holder) -> None:
    file = alice.clone.parent / "file.txt"
    file.write_text("one\n")
    outcome = alice.run("target", "add", NEXT, file, "--name", ".hidden", "--yes")
    assert outcome.code == 1
    assert "REFUSED" in outcome.out
    assert outcome.err.startswith("error: sign/next would break a rule:\n")
    assert NEXT not in started.heads()
