"""Signing without push rights: to a fork, and from there by a pull request (NEEDS row P)."""

from dataclasses import replace

import pytest
from tests.signer.helpers import Holder, Server, git

NEXT = "sign/next"
PAGE = "https://github.com/org/repo/compare/sign/next...bob_acme:sign/next?expand=1"


@pytest.fixture
def fork(started: Server, alice: Holder, bob: Holder, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Return bob's fork, in a forge that is reached by ssh; an event waits for him."""
    hub = started.folder / "hub"
    (hub / "org").mkdir(parents=True)
    (hub / "org/repo").symlink_to(started.path)
    git(hub, "clone", "--quiet", "--bare", started.path, hub / "bob_acme/repo.git")
    ssh = hub / "ssh"
    ssh.write_text(f'#!/bin/sh\nfor last; do :; done\ncd "{hub}" && exec sh -c "$last"\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    git(bob.clone, "remote", "set-url", "origin", "git@github.com:org/repo")
    git(bob.clone, "remote", "add", "fork", "git@github.com:bob_acme/repo.git")
    bob.settings(f'user-name = "{bob.name}"\nkey = "file2:{bob.key_file}"\npush-remote = "fork"\n')
    alice.yes("delegate", NEXT, "root", "--expiry-period", "300")
    return replace(started, path=hub / "bob_acme/repo.git")


def test_signature_is_pushed_to_the_fork_and_the_page_is_named(
    fork: Server, started: Server, bob: Holder
) -> None:
    before = started.heads()
    outcome = bob.yes("sign", NEXT)
    assert outcome.last == f"now open the pull request from fork: {PAGE}"
    assert started.heads() == before
    (root,) = fork.review(NEXT).roles
    assert root.signed == ("@bob_acme",)
    assert git(fork.path, "rev-parse", f"{NEXT}~") == before[NEXT]


def test_second_signature_waits_until_the_first_was_taken(
    fork: Server, started: Server, bob: Holder
) -> None:
    bob.yes("sign", NEXT)
    head = fork.heads()[NEXT]
    outcome = bob.run("sign", NEXT, "--yes")
    assert outcome.code == 1
    assert outcome.err == (
        "error: branch 'sign/next' of fork holds what was not taken over yet\n"
        "hint: if a pull request from it is open, wait until it is merged; "
        "else delete the branch there: git push fork --delete sign/next\n"
    )
    assert fork.heads()[NEXT] == head
    git(started.path, "fetch", "--quiet", fork.path, f"{NEXT}:{NEXT}")  # as a merge would
    assert bob.yes("sign", NEXT).last == "sign/next is waiting for @alice"


def test_change_from_a_fork_is_offered_too(fork: Server, started: Server, bob: Holder) -> None:
    before = started.heads()
    outcome = bob.yes("delegate", NEXT, "root", "--expiry-period", "200")
    assert outcome.last == f"now open the pull request from fork: {PAGE}"
    assert started.heads() == before
    assert fork.heads()[NEXT] != before[NEXT]


def test_new_event_from_a_fork_is_offered_to_main(fork: Server, bob: Holder) -> None:
    outcome = bob.yes("delegate", "sign/new", "root", "--expiry-period", "200")
    page = "https://github.com/org/repo/compare/main...bob_acme:sign/new?expand=1"
    assert outcome.last == f"now open the pull request from fork: {page}"
    assert "sign/new" in fork.heads()


def test_fork_in_a_folder_has_no_page(fork: Server, bob: Holder) -> None:
    git(bob.clone, "remote", "set-url", "fork", str(fork.path))
    outcome = bob.yes("sign", NEXT)
    assert outcome.last == (
        "now offer branch sign/next of fork to branch sign/next of the original"
    )
