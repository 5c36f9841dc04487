"""`tufline delegate` at a terminal: what is there now, one change after another, then a yes."""

import pytest
from tests.signer.helpers import NEXT, Holder, Server, converse, root_of, targets_of, write_key

_PUSH = ("push this to sign/next? [y/N]: ", "y")


def _shall(role: str, number: int) -> tuple[str, str]:
    return f"what shall change in {role} [1]: ", str(number)


@pytest.fixture
def npm(started: Server, alice: Holder) -> Server:
    """Return the server with a delegated role in an event."""
    alice.yes("delegate", NEXT, "npm", "--signers", "@alice,@carol")
    return started


def test_what_is_there_is_shown_and_changed(npm: Server, alice: Holder) -> None:
    shown = converse(
        alice,
        ["delegate", NEXT],
        [
            ("which role [1]: ", "5"),
            _shall("npm", 2),
            ("who signs npm [@alice,@carol]: ", "@alice,dave"),
            ("how many of them must sign [1]: ", "2"),
            _shall("npm", 3),
            ("days that a version is valid [365]: ", "100"),
            ("days before its end when signing starts [60]: ", "20"),
            _shall("npm", 4),
            ("patterns of artifact names, with spaces between", "npm/* npm/keys/*"),
            _shall("npm", 5),
            ("and then [1]: ", "2"),
            _shall("npm", 1),
            _PUSH,
        ],
    )
    before = [
        "1. nothing more: show the change",
        "2. signers: 1 of @alice, @carol",
        "3. periods: valid for 365 days, signed in the last 60",
        "4. paths: npm/*, npm/*/*, npm/*/*/*, npm/*/*/*/*",
        "5. and then: the search for these paths ends there",
    ]
    assert "\r\n".join(before) in shown
    assert "2. signers: 2 of @alice, @dave\r\n" in shown
    assert "5. and then: others are asked after it\r\n" in shown
    delegations = targets_of(npm).delegations
    assert delegations is not None
    assert delegations.roles is not None
    role = delegations.roles["npm"]
    assert (role.threshold, role.terminating) == (2, False)
    assert role.paths == ["npm/*", "npm/keys/*"]
    assert targets_of(npm, "npm").unrecognized_fields == {
        "x-tuf-on-ci-expiry-period": 100,
        "x-tuf-on-ci-signing-period": 20,
    }
    assert (targets_of(npm).version, targets_of(npm, "npm").version) == (2, 1)


def test_choice_that_cannot_be_is_told_at_once(started: Server, alice: Holder) -> None:
    shown = converse(
        alice,
        ["delegate", NEXT, "targets"],
        [
            _shall("targets", 2),
            ("who signs targets [@alice,@bob_acme]: ", ""),
            ("how many of them must sign [2]: ", "3"),
            _shall("targets", 3),
            ("days that a version is valid [365]: ", "10"),
            ("days before its end when signing starts [5]: ", "10"),
            _shall("targets", 1),
        ],
        code=1,
    )
    assert "that cannot be: targets cannot need 3 signatures, it would have 2 keys" in shown
    assert "that cannot be: periods of targets: expiry 10 days" in shown
    assert "targets exists already, and nothing to change in it was given" in shown
    assert NEXT not in started.heads()


def test_new_role_may_be_nested_under_any(npm: Server, alice: Holder) -> None:
    talk = [
        ("which role [1]: ", "6"),
        ("its name: ", "keys"),
        ("who signs keys [@alice]: ", ""),
        _shall("keys", 4),
        ("who delegates to it [1]: ", "2"),
        ("which paths of npm may keys list, with spaces between [npm/keys/*]: ", ""),
        _shall("keys", 1),
        _PUSH,
    ]
    shown = converse(alice, ["delegate", NEXT], talk)
    assert "4. delegated by: targets\r\n5. paths: keys/*, keys/*/*, keys/*/*/*" in shown
    delegations = targets_of(npm, "npm").delegations
    assert delegations is not None
    assert delegations.roles is not None
    assert delegations.roles["keys"].paths == ["npm/keys/*"]


def test_nested_role_needs_paths_that_can_be_reached(npm: Server, alice: Holder) -> None:
    before = npm.heads()
    given = ("--delegator", "npm", "--signers", "@alice", "--yes")
    outcome = alice.run("delegate", NEXT, "keys", *given)
    assert outcome.code == 2
    assert "there is no terminal to ask at: give --path\n" in outcome.err
    assert npm.heads() == before


def test_delegation_of_one_delegator_may_change_alone(npm: Server, alice: Holder) -> None:
    alice.yes("delegate", NEXT, "pypi", "--signers", "@alice")
    other = ("--delegator", "pypi", "--path", "pypi/npm/*", "--signers", "@alice")
    alice.yes("delegate", NEXT, "npm", *other)
    talk = [
        _shall("npm", 4),
        ("whose delegation shall change [1]: ", "3"),
        _shall("npm", 5),
        ("patterns of artifact names, with spaces between [pypi/npm/*]: ", "pypi/*/x"),
        _shall("npm", 1),
        _PUSH,
    ]
    converse(alice, ["delegate", NEXT, "npm"], talk)
    places = [targets_of(npm, role).delegations for role in ("targets", "pypi")]
    paths = [each.roles["npm"].paths for each in places if each and each.roles]
    assert paths == [["npm/*", "npm/*/*", "npm/*/*/*", "npm/*/*/*/*"], ["pypi/*/x"]]


def test_online_role_shows_its_keys(started: Server, alice: Holder) -> None:
    key = alice.clone.parent / "next.pem"
    write_key(key)
    talk = [
        _shall("timestamp", 3),
        ("what holds the online key [1]: ", "6"),
        ("signer URI of the online key: ", f"file2:{key}"),
        _shall("timestamp", 1),
        _PUSH,
    ]
    shown = converse(alice, ["delegate", NEXT, "timestamp"], talk)
    assert "2. periods: valid for 7 days, signed in the last 4\r\n3. online keys: file2:" in shown
    assert root_of(started).roles["timestamp"].keyids == root_of(started).roles["snapshot"].keyids
    menu = [line for line in shown.splitlines() if line[1:3] == ". "]
    assert max(map(len, menu)) <= 80


def test_no_pushes_nothing(npm: Server, alice: Holder) -> None:
    before = npm.heads()
    talk = [_shall("npm", 5), ("and then [1]: ", "2"), _shall("npm", 1), (_PUSH[0], "n")]
    converse(alice, ["delegate", NEXT, "npm"], talk, code=130)
    assert npm.heads() == before


def test_without_a_terminal_the_role_must_be_named(started: Server, alice: Holder) -> None:
    outcome = alice.run("delegate", "--event", NEXT, "--yes")
    assert outcome.code == 2
    assert "there is no terminal to ask at: give ROLE\n" in outcome.err
    two = alice.run("delegate", "start", "root", "--yes")
    assert "one ROLE is wanted, not start, root; an event's name starts with sign/\n" in two.err
    del started


def test_repository_is_started_by_answering(server: Server, alice: Holder) -> None:
    key = alice.clone.parent / "online.pem"
    write_key(key)
    talk = [
        ("who signs root [@alice]: ", "alice,bob,carol"),
        ("how many of 3 must sign [2]: ", ""),
        ("what holds the online key [1]: ", "6"),
        ("signer URI of the online key: ", f"file2:{key}"),
        _PUSH,
    ]
    shown = converse(alice, ["delegate", NEXT], talk)
    assert "signed a trial, and its public key verifies that\r\n" in shown
    root = root_of(server)
    assert [root.roles[role].threshold for role in ("root", "targets", "timestamp")] == [2, 2, 1]
