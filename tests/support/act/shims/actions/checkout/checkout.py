"""Fetches and checks out what the job asks for, with the token only where it is to stay."""

import os
import subprocess
from base64 import b64encode
from pathlib import Path

_BRANCH = "refs/heads/"
_HEX = set("0123456789abcdef")


def main() -> None:
    server = os.environ["GITHUB_SERVER_URL"]
    secret = b64encode(f"x-access-token:{os.environ['TOKEN']}".encode()).decode()
    setting = (f"http.{server}/.extraheader", f"AUTHORIZATION: basic {secret}")
    folder = Path(os.environ["FOLDER"])
    folder.mkdir(parents=True, exist_ok=True)
    _git(folder, "init", "--quiet", "--initial-branch=main", ".")
    _git(folder, "remote", "add", "origin", f"{server}/{os.environ['REPOSITORY']}")
    branch, commit = _wanted()
    _fetch(folder, setting, branch, commit)
    at = ("-B", branch, f"refs/remotes/origin/{branch}") if branch else ("--detach", commit)
    _git(folder, "checkout", "--quiet", "--force", *at)
    if os.environ["PERSIST"] == "true":
        _git(folder, "config", "--local", *setting)


def _wanted() -> tuple[str, str]:
    """Return the branch, "" for none, and the commit, "" for whatever the branch holds."""
    ref = os.environ["REF"]
    if len(ref) == 40 and set(ref) <= _HEX:
        return "", ref
    if ref:
        return ref.removeprefix(_BRANCH), ""
    return os.environ["GITHUB_REF"].removeprefix(_BRANCH), os.environ["GITHUB_SHA"]


def _fetch(folder: Path, setting: tuple[str, str], branch: str, commit: str) -> None:
    depth = os.environ["DEPTH"]
    fetch = ["-c", "=".join(setting), "fetch", "--quiet", "--no-tags"]
    if depth == "0":
        _git(folder, *fetch, "origin", "+refs/heads/*:refs/remotes/origin/*")
    else:
        fetch.append(f"--depth={depth}")
    source = commit or f"{_BRANCH}{branch}"
    target = f":refs/remotes/origin/{branch}" if branch else ""
    _git(folder, *fetch, "origin", f"+{source}{target}")


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)


if __name__ == "__main__":
    main()
