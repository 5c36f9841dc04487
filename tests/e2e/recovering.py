"""A published repository on a bare server to which accidents happen, and people who read a runbook.

    runbook = Runbook(ceremony, "An online key is lost")
    runbook.next()      # types the next block of that part of docs/recovery.md

Blocks are typed as they stand, but for the places that docs/bare-server.md uses as examples, which
lie elsewhere here. The server's hook is left out: after each block of a person its tick is run.
"""

import os
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from tests.e2e.manuals import Block, manual

from tufline.repository.format import historic_root_path
from tufline.repository.jobs import MAIN
from tufline.repository.publish.compliance import Versions
from tufline.repository.rehearsal import Ceremony, Machine, NotAsExpected
from tufline.repository.rehearsal._user import LAYOUT

HOLDERS: Final = ("@alice", "@bob", "@carol")
ARTIFACT: Final = "release.txt"
ONLINE_KEY: Final = "online.pem"
_START: Final = "sign/start"
_LONGEST: Final = 60  # seconds
_SCRIPTS: Final = sysconfig.get_path("scripts")

# Whoever is asked something says yes, and types the PIN.
_PEOPLE: Final = """\
#!/bin/sh
case $1 in
delegate | key | target) set -- "$@" --yes ;;
sign) set -- "$@" --yes --pin-file ../pin ;;
esac
exec {program} "$@"
"""
_TICK: Final = """\
#!/bin/sh
exec {program} ci tick --git-dir {git_dir} "$@"
"""


class NotAsWritten(AssertionError):
    """What was typed did not end as the runbook says."""


def start(ceremony: Ceremony) -> None:
    """Start a repository, root and targets 2 of 3, and publish it; a user has its first root."""
    server = ceremony.server
    server.set_up()
    (server.git_dir / "hooks" / "post-receive").unlink()
    public = server.new_online_key(ONLINE_KEY)
    ceremony.welcome(*HOLDERS, "@dave")
    alice = ceremony.people["@alice"]
    settings = f'[publish]\nproduction = "{ceremony.production.folder}"\n'
    files = {"tufline.toml": settings.encode(), ".gitignore": b".tufline-sign.toml\n"}
    alice.push(files, "Say where to publish", to=MAIN)
    (alice.machine.home / ARTIFACT).write_bytes(b"release 1\n")
    alice.machine.tufline_here(
        *("delegate", _START, "root", "--signers", ",".join(HOLDERS), "--threshold", "2"),
        *("--online-key", f"file2:{ONLINE_KEY}", "--online-public-key", str(public), "--yes"),
    )
    alice.machine.tufline_here("target", "add", _START, f"../{ARTIFACT}", "--yes")
    for name in (*HOLDERS, "@alice", "@bob"):
        ceremony.people[name].sign(_START)
    server.merge(_START)
    with server.state(MAIN) as main:
        root = main.read(historic_root_path(1)) or b""
    refused = server.tick(code=1).text
    server.tick("--confirm-root", refused.partition("--confirm-root ")[2].split()[0])
    ceremony.user.install(root)
    _write_programs(ceremony)


def _write_programs(ceremony: Ceremony) -> None:
    programs = {
        "people/tufline": _PEOPLE.format(program=f"{_SCRIPTS}/tufline"),
        "server/tick": _TICK.format(program=f"{_SCRIPTS}/tufline", git_dir=ceremony.server.git_dir),
    }
    for name, text in programs.items():
        file = ceremony.folder / "programs" / name
        file.parent.mkdir(parents=True)
        file.write_text(text)
        file.chmod(0o755)


def keep(ceremony: Ceremony, aside: Path) -> None:
    """Keep all that there is, for `restore`."""
    shutil.copytree(ceremony.folder, aside, symlinks=True)


def restore(ceremony: Ceremony, aside: Path) -> None:
    """Bring everything back to what was kept, in the same place, for paths are written there."""
    for each in ceremony.folder.iterdir():
        shutil.rmtree(each) if each.is_dir() else each.unlink()
    shutil.copytree(aside, ceremony.folder, symlinks=True, dirs_exist_ok=True)


@dataclass(frozen=True, slots=True)
class Runbook:
    """A part of docs/recovery.md, and who is to type its blocks."""

    ceremony: Ceremony
    blocks: list[Block]

    @classmethod
    def of(cls, ceremony: Ceremony, heading: str) -> "Runbook":
        """Open the runbook at a heading."""
        blocks = manual("recovery.md").part(heading).tried()
        assert blocks, heading
        return cls(ceremony, blocks)

    def next(self) -> str:
        """Type the next block; return what was shown."""
        block = self.blocks.pop(0)
        machine = self._machine(block.tried_by or "")
        shown = self._type(machine, block)
        if machine.who != "server":
            tick(self.ceremony)
        return shown

    def rest(self) -> str:
        """Type all blocks that are left; return what the last one showed."""
        shown = ""
        while self.blocks:
            shown = self.next()
        return shown

    def _machine(self, who: str) -> Machine:
        server = self.ceremony.server.machine
        return server if who == "server" else self.ceremony.people[f"@{who}"].machine

    def _type(self, machine: Machine, block: Block) -> str:
        text = self._here(block.text)
        done = subprocess.run(
            ["sh", "-eu", "-c", text],
            cwd=machine.folder,
            env=self._environment(machine),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_LONGEST,
            check=False,
        )
        if done.returncode != block.code:
            told = f"{done.returncode}, not {block.code}:\n{text}{done.stdout}"
            raise NotAsWritten(f"{machine.who}: {told}")
        return done.stdout

    def _here(self, text: str) -> str:
        folder = self.ceremony.folder
        places = {
            "/etc/tufline/tick": folder / "programs/server/tick",
            "/etc/tufline/keys": self.ceremony.server.keys,
            "/srv/git/tuf.git": self.ceremony.server.git_dir,
            "/srv/tuf/production": self.ceremony.production.folder,
            "https://tuf.example.org/": self.ceremony.production.url,
        }
        for example, place in places.items():
            text = text.replace(example, str(place))
        return text

    def _environment(self, machine: Machine) -> dict[str, str]:
        programs = str(self.ceremony.folder / "programs" / "people")
        paths = [_SCRIPTS] if machine.who == "server" else [programs, _SCRIPTS]
        return {
            "PATH": os.pathsep.join((*paths, "/usr/local/bin", "/usr/bin", "/bin")),
            "HOME": str(machine.home),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": machine.clock.text,
            "GIT_COMMITTER_DATE": machine.clock.text,
            "LC_ALL": "C.UTF-8",
            "TUFLINE_NOW": machine.clock.text,
            **machine.variables,
        }


def tick(ceremony: Ceremony) -> str:
    """Do what the hook and the timer do; return what a step that failed said."""
    try:
        ceremony.server.tick()
    except NotAsExpected as failed:
        return str(failed)
    return ""


def pass_days(ceremony: Ceremony, days: int, *, every: int = 2) -> None:
    """Let days pass, with a tick now and then, as the timer makes them."""
    for _ in range(0, days, every):
        ceremony.pass_time(timedelta(days=every))
        tick(ceremony)


def follows(ceremony: Ceremony) -> Versions:
    """Let the user's client update and download; return what it trusts then."""
    ceremony.user.gets(ARTIFACT, ceremony.production, now=ceremony.now)
    return ceremony.user.trusts


def stops(ceremony: Ceremony) -> str:
    """Let the user's client refuse what is served; return what it says."""
    return ceremony.user.refuses(ceremony.production, now=ceremony.now)


def served(ceremony: Ceremony) -> dict[str, bytes]:
    """Return what production serves, by name, without the pages for people."""
    top = ceremony.production.folder
    return {
        str(path.relative_to(top)): path.read_bytes()
        for path in top.rglob("*")
        if path.is_file() and path.parent != top
    }


def timestamp_file(ceremony: Ceremony) -> Path:
    """Return the file of the timestamp in production."""
    return ceremony.production.folder / LAYOUT.timestamp
