"""What git can be like around a signer: refusing, unreachable, half a clone, at work."""

from pathlib import Path

import pytest
from tests.history.helpers import fingerprint
from tests.signer.helpers import EVENT, Holder, Server, git


def test_hook_that_refuses_is_quoted(started: Server, alice: Holder) -> None:
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "300")
    before = started.heads()
    started.hook("pre-receive", "echo 'sign/* is closed for today' >&2; exit 1\n")
    outcome = alice.run("sign", "sign/next", "--yes")
    assert outcome.code == 1
    assert outcome.err == (
        "error: the remote refused to change branch 'sign/next': sign/* is closed for today\n"
        "hint: do what the remote's message asks for\n"
    )
    assert started.heads() == before


def test_read_only_remote_is_named(
    started: Server, alice: Holder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "300")
    before = started.heads()
    ssh = tmp_path / "ssh"
    ssh.write_text(
        "#!/bin/sh\n"
        'for last; do :; done\ncase "$last" in\n'
        "git-receive-pack*) echo 'ERROR: Permission to o/r denied to alice.' >&2; exit 1;;\n"
        'git-upload-pack*) exec sh -c "$last";;\nesac\n'
    )
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    git(alice.clone, "remote", "set-url", "origin", f"ssh://git@example.org{started.path}")
    outcome = alice.run("sign", "sign/next", "--yes")
    assert outcome.code == 1
    assert outcome.err == (
        "error: no permission to write to the repository: "
        "ERROR: Permission to o/r denied to alice.\n"
        "hint: ask for write permission, or push to a fork (setting push-remote); "
        "in a workflow, give the token contents: write under `permissions:` of the job\n"
    )
    assert started.heads() == before


def test_work_tree_index_and_head_are_not_touched(started: Server, alice: Holder) -> None:
    git(alice.clone, "pull", "--quiet")
    git(alice.clone, "checkout", "--quiet", "--detach")
    (alice.clone / "README.md").write_text("changed, not committed\n")
    (alice.clone / "staged").write_text("staged\n")
    git(alice.clone, "add", "staged")
    changing = (".git/objects", ".git/refs/remotes", ".git/logs/refs/remotes", ".git/packed-refs")
    before = fingerprint(alice.clone, changing)
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "300")
    alice.yes("sign", "sign/next")
    assert started.review("sign/next").roles[0].signed == ("@alice",)
    assert fingerprint(alice.clone, changing) == before


def test_clone_without_a_checked_out_commit_will_do(started: Server, alice: Holder) -> None:
    git(alice.clone, "symbolic-ref", "HEAD", "refs/heads/nothing")
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "300")
    alice.yes("sign", "sign/next")
    assert started.review("sign/next").roles[0].signed == ("@alice",)


def test_remote_that_is_not_there_is_named(started: Server, alice: Holder) -> None:
    del started
    alice.settings('user-name = "@alice"\npull-remote = "upstream"\n')
    outcome = alice.run("sign", EVENT)
    assert outcome.code == 1
    assert outcome.err.startswith("error: the clone has no remote 'upstream'\n")


def test_no_network_is_named(started: Server, alice: Holder) -> None:
    del started
    git(alice.clone, "remote", "set-url", "origin", "http://127.0.0.1:9/o/r")
    outcome = alice.run("sign", EVENT)
    assert outcome.code == 1
    assert outcome.err.startswith("error: the remote cannot be reached: ")


def test_shallow_clone_is_named(started: Server, alice: Holder) -> None:
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "300")
    before = started.heads()
    shallow = alice.clone.parent / "shallow"
    git(shallow.parent, "clone", "--quiet", "--depth", "1", f"file://{started.path}", shallow)
    person = Holder(name="@alice", clone=shallow)
    person.settings(f'user-name = "@alice"\nkey = "file2:{alice.key_file}"\n')
    outcome = person.run("sign", "sign/next", "--yes")
    assert outcome.code == 1
    assert outcome.err.startswith(
        "error: the clone is shallow: a part of its history is missing\nhint: "
    )
    assert started.heads() == before


def test_server_without_a_commit_is_named(alice: Holder, server: Server) -> None:
    git(server.path, "update-ref", "-d", "refs/heads/main")
    outcome = alice.run("delegate", EVENT, "root", "--signers", "@alice", "--yes")
    assert outcome.code == 1
    assert outcome.err.startswith("error: branch 'main' has no commit yet\nhint: ")
