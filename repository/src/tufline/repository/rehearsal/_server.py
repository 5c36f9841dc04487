"""The git server of the rehearsal: a bare repository with our hook, and who operates it."""

import shlex
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tufline.repository.changes import changes_between
from tufline.repository.forge import BareForge
from tufline.repository.history import History, open_history
from tufline.repository.jobs import load_event
from tufline.repository.rehearsal._machine import Clock, Machine
from tufline.repository.rehearsal._screen import Log, Screen
from tufline.repository.report import html
from tufline.repository.review import Review
from tufline.repository.state import State

# A real hook (docs/bare-server.md) has neither the clock nor the scripts' folder in it: its
# server's clock is right, and `tufline` is installed there.
_HOOK: Final = """\
#!/bin/sh
cat > /dev/null   # what was pushed does not matter: a tick looks at everything
export CRYPTO_SIGNER_PATH_PREFIX={keys}
TUFLINE_NOW=$(cat {clock}) && export TUFLINE_NOW
exec {tufline} ci tick --git-dir "$PWD"
"""
_CLOCK: Final = "rehearsal-now"


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """The bare repository, its jobs and its online keys.

    Attributes:
        keys: a folder with the private online keys, as PEM files by name.
        page: where the report of the event that was merged last is shown.
    """

    git_dir: Path
    keys: Path
    page: Path
    machine: Machine

    @property
    def address(self) -> str:
        """Where people clone from."""
        return str(self.git_dir)

    def clone_options(self, name: str) -> Sequence[str]:  # noqa: ARG002 - a server may know people
        """Return the options of git with which somebody clones from there."""
        return ()

    def set_up(self) -> None:
        """Make the bare repository, with our hook in it."""
        self.machine.git("init", "--quiet", "--bare", "--initial-branch=main", ".")
        hook = self.git_dir / "hooks" / "post-receive"
        hook.write_text(_hook(self))
        hook.chmod(0o755)

    def tick(self, *options: str, code: int = 0) -> Screen:
        """Do what the timer does."""
        return self.job("ci", "tick", *options, code=code)

    def job(self, *arguments: str, code: int = 0) -> Screen:
        """Run a command as the operator does; the hook runs its own."""
        return self.machine.tufline_here(*arguments, code=code)

    def merge(self, event: str) -> None:
        """Merge a ready event, as the operator does, and keep its report as a page."""
        with self.history() as history:
            found = load_event(history, event)
            review = found.review(now=self.machine.clock.now)
            changes = changes_between(found.known_good, found.proposed)
            self.page.write_text(html(review, changes, title=event), encoding="utf-8")
        self.job("merge", event)

    def review(self, event: str) -> Review:
        """Judge an event that the repository holds."""
        with self.history() as history:
            return load_event(history, event).review(now=self.machine.clock.now)

    def problems(self) -> Mapping[str, str]:
        """Return the open problems by job, as a person finds them on the server."""
        return BareForge(self.git_dir).problems()

    @contextmanager
    def history(self) -> Iterator[History]:
        """Open the repository to look at it."""
        with open_history(self.git_dir) as history:
            yield history

    @contextmanager
    def state(self, branch: str) -> Iterator[State]:
        """Give the files of a branch, to be read while it is entered."""
        with self.history() as history:
            yield State(history.files(history.resolve(branch)))

    def has_branch(self, name: str) -> bool:
        """Whether there is such a branch."""
        with self.history() as history:
            return name in history.branches(name)

    def new_online_key(self, name: str) -> Path:
        """Make an online key; return the file with its public half, for a maintainer."""
        private = generate_private_key(SECP256R1())
        secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = private.public_key()
        file = self.keys / f"{name}.pub"
        file.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        (self.keys / name).write_bytes(secret)
        return file


def make_server(folder: Path, now: datetime, log: Log) -> Server:
    """Make the server in `folder`: no repository yet, but for where it will be."""
    git_dir, keys = folder / "server.git", folder / "online-keys"
    git_dir.mkdir()
    keys.mkdir(mode=0o700)
    clock = Clock(now=now, file=git_dir / _CLOCK)
    machine = Machine(
        who="server",
        home=folder,
        folder=git_dir,
        clock=clock,
        log=log,
        variables={"CRYPTO_SIGNER_PATH_PREFIX": str(keys)},
    )
    return Server(git_dir=git_dir, keys=keys, page=folder / "last-event.html", machine=machine)


def _hook(server: Server) -> str:
    scripts = Path(sysconfig.get_path("scripts"))
    return _HOOK.format(
        keys=shlex.quote(str(server.keys)),
        clock=_CLOCK,
        tufline=shlex.quote(str(scripts / "tufline")),
    )
