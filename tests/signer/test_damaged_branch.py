"""A branch that anybody may push, whose tree no reader should trust."""

import subprocess
from pathlib import Path

from tests.signer.helpers import Holder, Server, git


def push_damaged(server: Path, branch: str) -> None:
    """Make a commit whose tree holds one name twice: git takes it, readers would differ."""
    blob = bytes.fromhex(git(server, "rev-parse", "main:metadata/root.json").strip())
    tree = subprocess.run(
        ["git", "-C", server, "hash-object", "-t", "tree", "-w", "--literally", "--stdin"],
        input=2 * (b"100644 x\0" + blob),
        capture_output=True,
        check=True,
    )
    tree_id = tree.stdout.decode().strip()
    commit = git(server, "commit-tree", "-p", "main", "-m", "x", tree_id).strip()
    git(server, "update-ref", f"refs/heads/{branch}", commit)


def test_attack_damaged_branch_does_not_hide_what_waits(started: Server, alice: Holder) -> None:
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "300")
    push_damaged(started.path, "sign/damaged")

    outcome = alice.run("sign")

    first, second, what, *_ = outcome.out.splitlines()
    assert first.startswith("sign/damaged cannot be read: the git repository is damaged: tree ")
    assert (second, what) == ("sign/next", "  for you     sign root version 2")
