"""How the tests of the emulator use git: as people with clones, by the real program."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.support.github import Hub, Repository, serve

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """A hub with `o/r` and a fork of it, and a token by the name of who has it.

    "ci" and "reader" are tokens of Actions that may write or read contents.
    """

    hub: Hub
    secrets: Mapping[str, str]

    @property
    def base(self) -> Repository:
        return self.hub.repositories["o/r"]

    @property
    def pushes(self) -> list[tuple[str, str, str, str, str]]:
        """Return repository, who, branch, old and new commit of each push event."""
        return [
            (event.repository, event.actor, event.ref.removeprefix("refs/heads/"), *moved)
            for event in self.hub.events
            if event.name == "push"
            for moved in [(event.payload["before"], event.payload["after"])]
        ]


@contextmanager
def git_world(folder: Path) -> Iterator[World]:
    """Serve the world's hub."""
    with serve(folder / "hub", now=lambda: NOW) as hub:
        hub.add_repository("o/r", collaborators={"writer": "write", "admin": "admin"})
        hub.fork("o/r", "forker")
        secrets = {who: hub.token(who) for who in ("writer", "admin", "forker", "stranger")}
        for who, level in (("ci", "write"), ("reader", "read")):
            permissions = {"contents": level}
            secrets[who] = hub.token(who, kind="actions", repository="o/r", permissions=permissions)
        yield World(hub=hub, secrets=secrets)


class Clone:
    """A work tree of somebody who has a token, or none."""

    def __init__(self, world: World, folder: Path, login: str | None) -> None:
        self.url = world.hub.url
        self.folder = folder
        userinfo = "" if login is None else f"x-access-token:{world.secrets.get(login, 'unknown')}@"
        self.remote = self.url.replace("//", f"//{userinfo}")
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        people = ("-c", "user.name=N", "-c", "user.email=n@example.org")
        command = ["git", *people, "-c", "credential.helper=", "-C", str(self.folder), *arguments]
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "LC_ALL": "C",
        }
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def git(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, path: str = "file", content: str = "content") -> str:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        self.git("add", path)
        self.git("commit", "--quiet", "--message", content[:20])
        return self.git("rev-parse", "HEAD")

    def push(self, *refspecs: str, to: str = "o/r") -> str:
        """Push; return nothing, or what git said where it was refused."""
        done = self.run("push", "--quiet", f"{self.remote}/{to}.git", *refspecs)
        return done.stderr if done.returncode else ""

    def fetch(self, refspec: str, of: str = "o/r") -> str:
        self.git("fetch", "--quiet", f"{self.remote}/{of}", refspec)
        return self.git("rev-parse", "FETCH_HEAD")


def clone(world: World, tmp_path: Path, login: str | None) -> Clone:
    return Clone(world, tmp_path / f"of-{login}", login)


def start(writer: Clone) -> str:
    """Give main a first commit."""
    sha = writer.commit()
    assert writer.push("main") == ""
    return sha
