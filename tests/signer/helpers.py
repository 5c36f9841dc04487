"""Key holders with clones of one real git server, who run the commands as people do."""

import io
import os
import pty
import select
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from tests.support.tokens import SoftToken
from tuf.api.metadata import Metadata, Root, Targets

from tufline.repository.commands import main
from tufline.repository.history import GitHistory, open_history
from tufline.repository.jobs import Event, load_event
from tufline.repository.review import Review

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EVENT = "sign/start"
NEXT = "sign/next"
TUFLINE = Path(sys.executable).parent / "tufline"

Reply: TypeAlias = str | Callable[[], str]


class Outcome(NamedTuple):
    """What a command left: its exit code and all it printed."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> str:
        return self.out.strip().splitlines()[-1]


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A person with a clone, and a token or a key in a file."""

    name: str
    clone: Path
    token: SoftToken | None = None

    @property
    def key_file(self) -> Path:
        return self.clone.parent / f"{self.clone.name}.pem"

    def settings(self, text: str) -> None:
        (self.clone / ".tufline-sign.toml").write_text(text)

    def run(self, *arguments: str | Path, at: datetime = NOW) -> Outcome:
        """Run a command in this process, where there is no terminal."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main([*map(str, arguments), "-C", str(self.clone), "--now", at.isoformat()])
        return Outcome(code, out.getvalue(), err.getvalue())

    def yes(self, *arguments: str | Path, at: datetime = NOW) -> Outcome:
        """Run a command in this process, agreeing to everything; it must succeed."""
        outcome = self.run(*arguments, "--yes", at=at)
        assert outcome.code == 0, outcome.err
        return outcome

    def run_apart(
        self,
        *arguments: str | Path,
        environment: Mapping[str, str] | None = None,
        descriptors: tuple[int, ...] = (),
        at: datetime = NOW,
    ) -> Outcome:
        """Run a command in a process of its own: with this person's token, without a terminal."""
        plugged_in = self.token.environment if self.token else {}
        done = subprocess.run(
            [TUFLINE, *arguments, "-C", self.clone, "--now", at.isoformat()],
            env={**os.environ, **plugged_in, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            pass_fds=descriptors,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True, kw_only=True)
class Server:
    """A bare repository and who works with it."""

    path: Path

    @property
    def folder(self) -> Path:
        return self.path.parent

    def holder(self, name: str, *, token: SoftToken | None = None) -> Holder:
        """Return a person with a new clone; without a token the key is a file."""
        clone = self.folder / name.removeprefix("@")
        git(self.folder, "clone", "--quiet", self.path, clone)
        person = Holder(name=name, clone=clone, token=token)
        if token is None:
            write_key(person.key_file)
            person.settings(f'user-name = "{name}"\nkey = "file2:{person.key_file}"\n')
        else:
            person.settings(f'user-name = "{name}"\n')
        return person

    def start(self, starter: Holder, *people: Holder, threshold: int = 1) -> None:
        """Let `starter` start the repository with root and targets signed by `people`."""
        online = self.folder / "online.pem"
        write_key(online)
        names = ",".join(each.name for each in people)
        starter.yes(
            *("delegate", EVENT, "root", "--signers", names, "--threshold", str(threshold)),
            *("--online-key", f"file2:{online}", "--online-public-key", f"{online}.pub"),
        )

    def merge(self, event: str = EVENT) -> None:
        """Make the event main, as a fast-forward."""
        git(self.path, "update-ref", "refs/heads/main", f"refs/heads/{event}")
        git(self.path, "update-ref", "-d", f"refs/heads/{event}")

    def heads(self) -> dict[str, str]:
        """Return the branches and where they are."""
        lines = git(self.path, "for-each-ref", "--format=%(refname:short) %(objectname)")
        return dict(line.rsplit(" ", 1) for line in lines.splitlines())

    def read(self, path: str, event: str = EVENT) -> bytes:
        done = ["git", "-C", str(self.path), "cat-file", "blob", f"{event}:{path}"]
        return subprocess.run(done, capture_output=True, check=True).stdout

    def hook(self, name: str, script: str) -> None:
        file = self.path / "hooks" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}")
        file.chmod(0o755)

    @contextmanager
    def event(self, name: str = EVENT) -> Iterator[Event]:
        with open_history(self.path) as history:
            yield load_event(history, name)

    def review(self, name: str = EVENT) -> Review:
        with self.event(name) as event:
            return event.review(now=NOW)

    def commit(self, branch: str, path: str, data: str) -> None:
        """Commit a file to a branch, as somebody with git alone would."""
        clone = self.folder / "somebody"
        if not clone.exists():
            git(self.folder, "clone", "--quiet", self.path, clone)
        git(clone, "fetch", "--quiet", "origin")
        git(clone, "checkout", "--quiet", "--detach", f"origin/{branch}")
        file = clone / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(data)
        git(clone, "add", path)
        git(clone, "commit", "--quiet", "-m", "change")
        git(clone, "push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")


def make_server(folder: Path) -> Server:
    """Make a server with one commit on main, which is the same commit in every test."""
    path, seed = folder / "server", folder / "seed"
    git(folder, "init", "--quiet", "--bare", path)
    git(folder, "clone", "--quiet", path, seed)
    (seed / "README.md").write_text("a repository\n")
    git(seed, "add", "README.md")
    when = {"GIT_AUTHOR_DATE": NOW.isoformat(), "GIT_COMMITTER_DATE": NOW.isoformat()}
    git(seed, "commit", "--quiet", "-m", "begin", env={**os.environ, **when})
    git(seed, "push", "--quiet", "origin", "HEAD:refs/heads/main")
    return Server(path=path)


def git(folder: Path, *arguments: str | Path, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        ["git", "-C", folder, *arguments], capture_output=True, check=True, text=True, env=env
    )
    return done.stdout.strip()


def write_key(file: Path, secret: int | None = None) -> None:
    """Make a key: the private part at `file`, the public part at `file`.pub.

    The same `secret` makes the same key; None: one that nobody had before.
    """
    curve = SECP256R1()
    key = generate_private_key(curve) if secret is None else derive_private_key(secret, curve)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    file.write_bytes(private)
    Path(f"{file}.pub").write_bytes(public)


def remote_history(person: Holder) -> GitHistory:
    return open_history(person.clone, pull_remote="origin")


def converse(
    person: Holder, arguments: list[str], talk: Sequence[tuple[str, Reply]], *, code: int = 0
) -> str:
    """Run a command at a terminal, answer each question when it is asked; return the screen.

    A reply may be a function that does something first.
    """
    plugged_in = person.token.environment if person.token else {}
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [TUFLINE, *arguments, "-C", person.clone, "--now", NOW.isoformat()],
        env={**os.environ, **plugged_in},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    screen = _talk(ours, talk)
    os.close(ours)  # ends a process that still waits for an answer
    assert process.wait() == code, screen
    return screen


def _talk(terminal: int, talk: Sequence[tuple[str, Reply]]) -> str:
    screen, seen = "", 0
    for question, reply in talk:
        while not _asked(question, screen[seen:]):
            more = _read(terminal)
            if not more:
                return f"{screen}\n(was not asked: {question!r})"
            screen += more
        seen = len(screen)
        answer = reply if isinstance(reply, str) else reply()
        os.write(terminal, f"{answer}\n".encode())
    while more := _read(terminal):
        screen += more
    return screen


def _asked(question: str, shown: str) -> bool:
    """Whether a question is on the screen, wherever its lines are broken."""
    return " ".join(question.split()) in " ".join(shown.split())


def _read(terminal: int) -> str:
    """Return what appears next; nothing when the other side is gone, or is silent."""
    if not select.select([terminal], [], [], 60)[0]:
        return ""
    try:
        return os.read(terminal, 65536).decode()
    except OSError:  # how Linux says that nobody writes to the terminal any more
        return ""


def root_of(server: Server, event: str = NEXT) -> Root:
    return Metadata[Root].from_bytes(server.read("metadata/root.json", event)).signed


def targets_of(server: Server, role: str = "targets", event: str = NEXT) -> Targets:
    return Metadata[Targets].from_bytes(server.read(f"metadata/{role}.json", event)).signed


def sign(person: Holder, *arguments: str | Path, **environment: str) -> Outcome:
    return person.run_apart("sign", EVENT, "--yes", *arguments, environment=environment)
