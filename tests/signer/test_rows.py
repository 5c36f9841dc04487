"""NEEDS rows H, J, K and L, and many changes in one event, each through the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.signer.helpers import (
    NEXT,
    NOW,
    Holder,
    Server,
    converse,
    git,
    root_of,
    targets_of,
    write_key,
)

from tufline.repository.commands import main
from tufline.repository.review import Ready

_QUESTION = "is this right? [y/N]:"


@pytest.fixture
def npm(started: Server, alice: Holder, bob: Holder) -> Server:
    """Return the server with npm on main, signed by alice."""
    paths = ("--path", "npm/*", "--no-terminating")
    alice.yes("delegate", NEXT, "npm", "--signers", "@alice", *paths)
    for person in (alice, bob):
        person.yes("sign", NEXT)
    started.merge(NEXT)
    return started


def _rewrite(server: Server, role: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Let somebody with git alone change a role's metadata in the event."""
    tree = json.loads(server.read(f"metadata/{role}.json", NEXT))
    change(tree["signed"])
    text = json.dumps(tree, indent=1, separators=(",", ": "), sort_keys=True)
    server.commit(NEXT, f"metadata/{role}.json", text)
    if role == "root":
        server.commit(NEXT, f"metadata/root_history/{tree['signed']['version']}.root.json", text)


def test_row_h_only_the_expiry_of_a_role_signed_online(
    started: Server, alice: Holder, bob: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(alice.clone.parent)
    key = Path("nightly.pem")
    write_key(key)
    given = ("--path", "nightly/*", "--online-key", f"file2:{key}")
    alice.yes("delegate", NEXT, "nightly", *given)
    for person in (alice, bob):
        person.yes("sign", NEXT)
    settings = '[review]\nonline-keys = ["file2:"]\n'
    started.commit("main", "tufline.toml", settings)
    _sign_online(started)
    _take_main_in(started, alice)
    alice.yes("delegate", NEXT, "nightly", "--expiry-period", "20", "--signing-period", "5")
    role = targets_of(started, "nightly")
    assert (role.version, (role.expires - NOW.replace(tzinfo=role.expires.tzinfo)).days) == (2, 20)
    _sign_online(started)
    assert started.review(NEXT).verdict == Ready()


def _sign_online(server: Server) -> None:
    done = ["ci", "online-sign", "--event", NEXT, "-C", str(server.path), "--now", NOW.isoformat()]
    assert main(done) == 0


def _take_main_in(server: Server, alice: Holder) -> None:
    """Make the event main; main has gone on with settings of its own since it began."""
    git(alice.clone, "fetch", "--quiet")
    git(alice.clone, "checkout", "--quiet", "--detach", "origin/main")
    git(alice.clone, "merge", "--quiet", "-m", "merge", f"origin/{NEXT}")
    git(alice.clone, "push", "--quiet", "origin", "HEAD:refs/heads/main")
    git(server.path, "update-ref", "-d", f"refs/heads/{NEXT}")


def test_row_j_each_widening_is_told_and_needs_its_own_yes(npm: Server, alice: Holder) -> None:
    alice.yes("delegate", NEXT, "npm", "--path", "npm/*", "--path", "pypi/*", "--terminating")
    alice.yes("delegate", NEXT, "targets", "--threshold", "1")
    before = npm.heads()
    told = [
        "targets: signatures needed go down from 2 to 1: is this right?",
        "npm: was trusted for 'npm/*'; is trusted for 'npm/*', 'pypi/*': is this right?",
        "npm: has the last word on its paths; roles after it are not asked: is this right?",
    ]
    for agreed in range(len(told)):
        answers = [(_QUESTION, "y")] * agreed + [(_QUESTION, "n")]
        shown = converse(alice, ["sign", NEXT], answers, code=130)
        assert " ".join(shown.split()).count(_QUESTION) == agreed + 1
    assert npm.heads() == before
    answers = [(_QUESTION, "y")] * len(told) + [("sign root version 2", "y")]
    shown = converse(alice, ["sign", NEXT], answers)
    assert not [each for each in told if each not in " ".join(shown.split())]
    assert npm.heads() != before


@pytest.mark.parametrize("role", ["root", "targets"])
def test_row_k_swapped_key_bytes_are_refused(
    npm: Server, alice: Holder, bob: Holder, role: str
) -> None:
    alice.yes("delegate", NEXT, role, "--expiry-period", "300")
    write_key(alice.clone.parent / "stranger.pem")
    stranger = (alice.clone.parent / "stranger.pem.pub").read_text()

    def swap(signed: dict[str, Any]) -> None:
        keys = signed["keys"] if role == "root" else signed["delegations"]["keys"]
        owned = [key for key in keys.values() if key.get("x-tuf-on-ci-keyowner") == "@alice"]
        owned[0]["keyval"]["public"] = stranger

    _rewrite(npm, role, swap)
    before = npm.heads()
    outcome = bob.run("sign", NEXT, "--yes")
    assert outcome.code == 1
    assert outcome.err.startswith(f"error: {NEXT} is refused: ")
    shown = " ".join(outcome.out.split())
    assert "with other content; a changed key needs its own id" in shown
    assert "the key of @alice has the id" in shown
    assert npm.heads() == before


def test_row_l_period_beyond_the_maximum_is_refused(started: Server, alice: Holder) -> None:
    settings = '[review]\nlongest-expiry = { root = 400, "*" = 200 }\n'
    started.commit("main", "tufline.toml", settings)
    outcome = alice.run("delegate", NEXT, "root", "--expiry-period", "401", "--yes")
    assert outcome.code == 1
    assert "longest-expiry: root: root: an expiry period of 401 days; tufline.toml allows 400" in (
        outcome.err
    )
    assert NEXT not in started.heads()


def test_row_l_expiry_beyond_the_period_is_not_signed(
    started: Server, alice: Holder, bob: Holder
) -> None:
    alice.yes("delegate", NEXT, "root", "--expiry-period", "300")
    _rewrite(started, "root", lambda signed: signed.update(expires="2051-03-01T12:00:00Z"))
    before = started.heads()
    outcome = bob.run("sign", NEXT, "--yes")
    assert outcome.code == 1
    assert "expires on 2051-03-01 12:00 UTC, more than its 300 days from now" in " ".join(
        outcome.out.split()
    )
    assert started.heads() == before


def test_many_changes_go_into_one_event_and_bump_each_version_once(
    npm: Server, alice: Holder, bob: Holder
) -> None:
    folder = alice.clone.parent
    (folder / "a.txt").write_text("a\n")
    for name in ("online.pem", "new.pem"):
        write_key(folder / name)
    alice.yes("target", "add", folder / "a.txt", "--event", NEXT)
    alice.yes("delegate", "npm", "--event", NEXT, "--threshold", "1", "--expiry-period", "90")
    alice.yes("delegate", "root", "--event", NEXT, "--expiry-period", "200")
    online = ("--online-key", f"file2:{folder / 'online.pem'}")
    alice.yes("online", "set", "timestamp", "--event", NEXT, *online)
    alice.yes("target", "add", folder / "a.txt", "--event", NEXT, "--role", "npm")
    alice.yes("key", "replace", "--event", NEXT, "--key", f"file2:{folder / 'new.pem'}")
    versions = [root_of(npm).version, targets_of(npm).version, targets_of(npm, "npm").version]
    assert versions == [2, 3, 2]
    alice.yes("role", "remove", "npm", "--event", NEXT)
    assert [root_of(npm).version, targets_of(npm).version] == [2, 3]
    assert list(targets_of(npm).targets) == ["a.txt"]
    assert not npm.review(NEXT).errors
    for person in (alice, bob):
        person.yes("sign", NEXT)
    assert npm.review(NEXT).verdict == Ready()
