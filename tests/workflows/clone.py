"""Somebody's clone of a repository on the emulated GitHub."""

import os
import subprocess
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.github import Hub


class GitRefused(Exception):
    """git did not do it; the message is what it said."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clone:
    """A work tree in `folder`, from which `login` pushes to `origin`."""

    folder: Path
    login: str

    def push(
        self, to: str, files: Mapping[str, bytes] | None = None, *, onto: str | None = None
    ) -> str:
        """Commit files over what is checked out, or over a branch, and push it; return the commit.

        Raise `GitRefused` with what the server said.
        """
        if onto:
            self.git("fetch", "--quiet", "origin")
            self.git("checkout", "--quiet", "-B", "work", f"origin/{onto}")
        for path, data in (files or {}).items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(data)
        self.git("add", ".")
        self.git("commit", "--quiet", "--allow-empty", "--signoff", "--message", f"To {to}")
        self.git("push", "--quiet", "origin", f"HEAD:refs/heads/{to}")
        return self.git("rev-parse", "HEAD")

    def remote_head(self, branch: str) -> str:
        """Return the commit that the server's branch is at; "" if there is no such branch."""
        return self.git("ls-remote", "origin", f"refs/heads/{branch}").partition("\t")[0]

    def git(self, *arguments: str) -> str:
        name = self.login.capitalize()
        people = {
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", name), ("EMAIL", f"{self.login}@example.org"))
        }
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.folder),
                "GIT_CONFIG_NOSYSTEM": "1",
                **people,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise GitRefused(done.stderr)
        return done.stdout.strip()


def clone_as(login: str, hub: Hub, name: str, folder: Path) -> Clone:
    """Clone a repository into a new folder, with a token of the person's own."""
    folder.mkdir()
    made = Clone(folder=folder, login=login)
    secret = b64encode(f"{login}:{hub.token(login)}".encode()).decode()
    made.git("init", "--quiet", "--initial-branch=work", ".")
    made.git("config", f"http.{hub.url}/.extraheader", f"Authorization: basic {secret}")
    made.git("remote", "add", "origin", f"{hub.url}/{name}")
    made.git("fetch", "--quiet", "origin")
    return made
