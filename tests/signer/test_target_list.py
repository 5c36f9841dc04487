"""`tufline target list`, and what an entry says beyond the file."""

import hashlib
import json
from pathlib import Path

import pytest
from tests.signer.helpers import NEXT, Holder, Server, converse, targets_of

CUSTOM = '{"os": ["linux"], "size": 3}'


@pytest.fixture
def file(alice: Holder) -> Path:
    """Return a file that could become an artifact."""
    path = alice.clone.parent / "file.txt"
    path.write_text("one\n")
    return path


def test_event_may_stand_first_or_be_an_option(started: Server, alice: Holder, file: Path) -> None:
    alice.yes("target", "add", file, "--event", NEXT)
    alice.yes("target", "add", NEXT, file, "--name", "second.txt")
    assert sorted(targets_of(started).targets) == ["file.txt", "second.txt"]
    assert targets_of(started).version == 2
    alice.yes("target", "remove", "file.txt", "second.txt", "--event", NEXT)
    assert targets_of(started).targets == {}


@pytest.mark.parametrize("command", ["add", "remove"])
def test_without_a_terminal_the_event_must_be_named(
    started: Server, alice: Holder, file: Path, command: str
) -> None:
    outcome = alice.run("target", command, file, "--yes")
    assert outcome.code == 2
    assert "Error: there is no terminal to ask at: give --event\n" in outcome.err
    assert NEXT not in started.heads()


def test_at_a_terminal_the_event_is_chosen_or_named(
    started: Server, alice: Holder, file: Path
) -> None:
    push = ("push this to sign/next? [y/N]: ", "y")
    first = [("name of the new signing event [sign/change]: ", "next"), push]
    converse(alice, ["target", "add", str(file)], first)
    second = [("which signing event is this for [1]: ", "1"), push]
    shown = converse(alice, ["target", "add", str(file), "--name", "b.txt"], second)
    assert "1. sign/next\r\n2. a new one\r\n" in shown
    assert sorted(targets_of(started).targets) == ["b.txt", "file.txt"]


def test_custom_data_and_hashes_are_listed(started: Server, alice: Holder, file: Path) -> None:
    given = ("--custom", CUSTOM, "--hash", "sha512", "--hash", "sha256")
    alice.yes("target", "add", NEXT, file, *given)
    digests = {name: hashlib.new(name, b"one\n").hexdigest() for name in ("sha256", "sha512")}
    (listed,) = json.loads(alice.run("target", "list", NEXT, "--json").out)
    assert listed == {
        "name": "file.txt",
        "role": "targets",
        "length": 4,
        "hashes": digests,
        "custom": {"os": ["linux"], "size": 3},
    }
    shown = alice.run("target", "list", NEXT).out
    assert "file.txt\n  role targets, 4 bytes\n" in shown
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert "".join(shown.split()).count(digests["sha512"]) == 1
    del started


def test_custom_data_and_hashes_stay_unless_given(
    started: Server, alice: Holder, file: Path
) -> None:
    alice.yes("target", "add", NEXT, file, "--custom", CUSTOM, "--hash", "sha512")
    file.write_text("two\n")
    alice.yes("target", "add", NEXT, file)
    entry = targets_of(started).targets["file.txt"]
    assert (entry.custom, list(entry.hashes)) == ({"os": ["linux"], "size": 3}, ["sha512"])
    alice.yes("target", "add", NEXT, file, "--hash", "sha256")
    entry = targets_of(started).targets["file.txt"]
    assert (entry.custom, list(entry.hashes)) == ({"os": ["linux"], "size": 3}, ["sha256"])
    alice.yes("target", "add", NEXT, file, "--custom", "{}")
    assert targets_of(started).targets["file.txt"].custom is None
    assert targets_of(started).version == 2


def test_custom_data_may_come_from_a_file(started: Server, alice: Holder, file: Path) -> None:
    custom = file.with_name("custom.json")
    custom.write_text(CUSTOM)
    alice.yes("target", "add", NEXT, file, "--custom", f"@{custom}")
    assert targets_of(started).targets["file.txt"].custom == json.loads(CUSTOM)


@pytest.mark.parametrize(
    ("custom", "problem"),
    [
        ("[1]", "it is no JSON object"),
        ('{"a": 1.5}', "1.5 is not an integer"),
        ('{"a": 1, "a": 2}', "key 'a' stands twice in one object"),
        ("{", "not JSON: Expecting property name enclosed in double quotes: line 1 column 2"),
    ],
)
def test_custom_data_that_metadata_cannot_hold_is_refused(
    started: Server, alice: Holder, file: Path, custom: str, problem: str
) -> None:
    outcome = alice.run("target", "add", NEXT, file, "--custom", custom, "--yes")
    assert outcome.code == 1
    assert outcome.err.startswith(f"error: the custom data cannot be used: {problem}")
    assert 'hint: give --custom a JSON object such as \'{"os": "linux"}\'' in outcome.err
    assert NEXT not in started.heads()


def test_artifact_of_a_nested_role_stays_there(started: Server, alice: Holder, file: Path) -> None:
    alice.yes("delegate", NEXT, "npm", "--signers", "@alice")
    nested = ("--delegator", "npm", "--path", "npm/keys/*", "--signers", "@alice")
    alice.yes("delegate", NEXT, "keys", *nested)
    alice.yes("target", "add", NEXT, file, "--role", "keys", "--name", "npm/keys/a")
    file.write_text("two\n")
    alice.yes("target", "add", NEXT, file, "--name", "npm/keys/a")
    assert targets_of(started, "npm").targets == {}
    assert targets_of(started, "keys").targets["npm/keys/a"].length == 4
    listed = json.loads(alice.run("target", "list", NEXT, "--json").out)
    assert [(each["name"], each["role"]) for each in listed] == [("npm/keys/a", "keys")]


def test_main_without_artifacts_says_so(started: Server, alice: Holder) -> None:
    assert alice.run("target", "list").out == "main lists no artifacts\n"
    assert json.loads(alice.run("target", "list", "--json").out) == []
    del started
