"""Real git in the bare repositories: what branches hold, and how they are merged."""

import os
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

_LIMIT = 30  # seconds; a git that hangs fails its test


class GitFailed(Exception):
    """git did not do it; the message is what it said."""


def git(git_dir: Path, *args: str, env: Mapping[str, str] | None = None, stdin: bytes = b"") -> str:
    """Return what git prints, without the last line break; raise `GitFailed`."""
    return raw(git_dir, *args, env=env, stdin=stdin).decode().rstrip("\n")


def raw(
    git_dir: Path, *args: str, env: Mapping[str, str] | None = None, stdin: bytes = b""
) -> bytes:
    """Return just what git prints; raise `GitFailed`."""
    ran = subprocess.run(
        ["git", "--git-dir", str(git_dir), *args],
        env={"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/", **(env or {})},
        input=stdin,
        capture_output=True,
        timeout=_LIMIT,
        check=False,
    )
    if ran.returncode:
        raise GitFailed(f"git {args[0]}: {(ran.stderr or ran.stdout).decode().strip()}")
    return ran.stdout


def create(git_dir: Path, branch: str) -> None:
    """Make an empty repository."""
    git_dir.parent.mkdir(parents=True, exist_ok=True)
    git(git_dir, "init", "--quiet", "--bare", f"--initial-branch={branch}", str(git_dir))


def sha_of(git_dir: Path, revision: str) -> str | None:
    """Return the commit that a full ref name or a hash names, None if there is none."""
    try:
        return git(
            git_dir,
            "rev-parse",
            "--quiet",
            "--verify",
            "--end-of-options",
            f"{revision}^{{commit}}",
        )
    except GitFailed:
        return None


def branch_sha(git_dir: Path, branch: str) -> str | None:
    return sha_of(git_dir, f"refs/heads/{branch}")


def refs(git_dir: Path, prefix: str) -> dict[str, str]:
    """Return the refs that begin with the prefix, and their commits."""
    printed = git(git_dir, "for-each-ref", "--format=%(refname) %(objectname)")
    pairs = (line.split(" ") for line in printed.splitlines())
    return {name: sha for name, sha in pairs if name.startswith(prefix)}


def move(git_dir: Path, ref: str, sha: str | None) -> None:
    """Point the ref at the commit, or delete it."""
    git(git_dir, "update-ref", *(["-d", ref] if sha is None else [ref, sha]))


def is_ancestor(git_dir: Path, sha: str, of: str) -> bool:
    """Return whether `of` has the commit in its history; False for one that is not here at all."""
    try:
        git(git_dir, "merge-base", "--is-ancestor", sha, of)
    except GitFailed:
        return False
    return True


def between(git_dir: Path, base: str | None, head: str) -> list[str]:
    """Return the commits of head that base has not, oldest first; all of them without a base."""
    return git(git_dir, "rev-list", "--reverse", f"{base}..{head}" if base else head).split()


def merge_base(git_dir: Path, one: str, other: str) -> str | None:
    try:
        return git(git_dir, "merge-base", one, other)
    except GitFailed:
        return None


def fetch(git_dir: Path, source: Path, branch: str, ref: str) -> None:
    """Take over the branch of a repository of this machine, under the ref."""
    git(git_dir, "fetch", "--quiet", "--no-tags", str(source), f"+refs/heads/{branch}:{ref}")


def merged_tree(git_dir: Path, base: str, head: str) -> str | None:
    """Return the tree of both merged, None where they conflict."""
    try:
        return git(git_dir, "merge-tree", "--write-tree", base, head).splitlines()[0]
    except GitFailed:
        return None


def commit(
    git_dir: Path, tree: str, parents: list[str], message: str, *, login: str, when: datetime
) -> str:
    """Write a commit in the name of the user."""
    stamp = f"{int(when.timestamp())} +0000"
    person = {"NAME": login, "EMAIL": f"{login}@users.noreply.invalid", "DATE": stamp}
    env = {f"GIT_{who}_{k}": v for who in ("AUTHOR", "COMMITTER") for k, v in person.items()}
    lineage = [word for parent in parents for word in ("-p", parent)]
    return git(git_dir, "commit-tree", tree, *lineage, "-m", message, env=env)


def read(git_dir: Path, revision: str, path: str) -> str | None:
    """Return a file's text, None if the commit lacks it."""
    try:
        return git(git_dir, "cat-file", "blob", f"{revision}:{path}")
    except GitFailed:
        return None


def blob(git_dir: Path, revision: str, path: str) -> bytes | None:
    """Return a file's bytes, None if the commit lacks it."""
    try:
        return raw(git_dir, "cat-file", "blob", f"{revision}:{path}")
    except GitFailed:
        return None


def names(git_dir: Path, revision: str, folder: str) -> list[str]:
    """Return the paths of the files in the folder of a commit, sorted."""
    try:
        return git(git_dir, "ls-tree", "--name-only", "-z", revision, f"{folder}/").split("\0")[:-1]
    except GitFailed:
        return []


def copy_branches(source: Path, git_dir: Path) -> None:
    git(git_dir, "fetch", "--quiet", str(source), "+refs/heads/*:refs/heads/*")


def write(
    git_dir: Path,
    branch: str,
    files: Mapping[str, str | None],
    *,
    start: str | None,
    login: str,
    when: datetime,
) -> str:
    """Commit the files (None: removed) to the branch, after the commit `start`; return the commit.

    Without `start` the branch begins with it.
    """
    person = f"{login} <{login}@users.noreply.invalid> {int(when.timestamp())} +0000"
    lines = [f"commit refs/heads/{branch}", f"committer {person}", *_data(f"change of {login}")]
    lines += [f"from {start}"] if start else []
    for path, text in files.items():
        lines += [f"D {path}"] if text is None else [f"M 100644 inline {path}", *_data(text)]
    git(git_dir, "fast-import", "--quiet", "--force", stdin="\n".join([*lines, ""]).encode())
    sha = branch_sha(git_dir, branch)
    assert sha, branch
    return sha


def _data(text: str) -> list[str]:
    return [f"data {len(text.encode())}", text]
