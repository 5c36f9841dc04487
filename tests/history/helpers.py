"""Real git for the tests of `history`: repositories, and what must not change in them."""

import hashlib
import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tufline.repository.history import Author, Commit, History, Move
from tufline.repository.state import Entry

ALICE = Author(name="Alice Ö", email="alice@example.org")
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def git(folder: Path, *arguments: str | Path, data: bytes | None = None) -> str:
    """Run git as a user would, who is Bob."""
    settings = ["-c", "user.name=Bob", "-c", "user.email=bob@example.org"]
    done = subprocess.run(
        ["git", *settings, "-C", folder, *arguments], input=data, capture_output=True, check=True
    )
    return done.stdout.decode(errors="surrogateescape").strip()


def bare(path: Path, *options: str) -> Path:
    path.mkdir()
    git(path, "init", "--quiet", "--bare", "--initial-branch=main", *options)
    return path


def clone(server: Path, path: Path, *options: str) -> Path:
    git(server.parent, "clone", "--quiet", *options, server, path)
    return path


def hook(repository: Path, name: str, script: str) -> None:
    path = repository / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(0o755)


def commit(
    history: History,
    changes: Mapping[str, bytes | Entry | None],
    *parents: Commit,
    tree: Commit | None = None,
    message: str = "change",
) -> Commit:
    """Write a commit on top of `parents`; its other files are those of the first of them."""
    return history.write(
        tree=tree or (parents[0] if parents else None),
        changes=changes,
        parents=parents,
        message=message,
        author=ALICE,
        when=NOW,
    )


def create(history: History, branch: str, at: Commit) -> None:
    history.move([Move(branch=branch, old=None, new=at)])


def contents(history: History, commit: Commit) -> dict[str, bytes]:
    files = history.files(commit)
    return {entry.path: data for entry, data in files.read_many(files.below(""))}


def fingerprint(folder: Path, leave_out: Sequence[str]) -> dict[str, str]:
    """Return a digest of every file and link below `folder`, but for the named parts of .git."""
    found = {}
    for root, _, names in os.walk(folder):
        for name in names:
            path = Path(root) / name
            shown = path.relative_to(folder).as_posix()
            if not shown.startswith(tuple(leave_out)):
                data = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
                found[shown] = f"{path.lstat().st_mode:o} {hashlib.sha256(data).hexdigest()}"
    return found
