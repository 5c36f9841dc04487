"""Computers of the rehearsal: each runs real programs, and inherits nothing of this process.

Settings of whoever plays the rehearsal (git hooks, commit signing, another token) must not count,
and one machine must not see another's keys.
"""

import os
import shlex
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from tufline.repository.rehearsal._screen import Log, NotAsExpected, Screen, expect

_LONGEST: Final = 60  # seconds; a program that takes longer waits for something that never comes


@dataclass(kw_only=True, slots=True)
class Clock:
    """The time of all machines. It starts at the real time and goes forwards only.

    So what is published expires later than a real client's clock says, and clients accept it.
    """

    now: datetime
    file: Path

    def __post_init__(self) -> None:
        self.forward(timedelta())

    @property
    def text(self) -> str:
        """The time as `--now` takes it."""
        return self.now.isoformat()

    def forward(self, distance: timedelta) -> None:
        """Let time pass, also for the server's hook, which reads the file."""
        self.now += distance
        self.file.write_text(self.text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """Somebody's computer.

    Attributes:
        who: whose it is.
        home: the home folder, where there are no settings.
        folder: where commands are typed.
        variables: what the programs find in their environment, beside the usual.
    """

    who: str
    home: Path
    folder: Path
    clock: Clock
    log: Log
    variables: Mapping[str, str] = field(default_factory=dict)

    def tufline(self, *arguments: str, code: int = 0) -> Screen:
        """Run a command of ours; raise `NotAsExpected` if it ends with another exit status."""
        return self._run("tufline", *arguments, code=code)

    def git(self, *arguments: str, code: int = 0) -> Screen:
        """Run git; raise `NotAsExpected` if it ends with another exit status."""
        return self._run("git", *arguments, code=code)

    def _run(self, *command: str, code: int) -> Screen:
        typed = shlex.join(command)
        try:
            done = subprocess.run(  # noqa: S603 - programs and arguments of the rehearsal's own
                command,
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_LONGEST,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise NotAsExpected(f"`{typed}` did not end in {_LONGEST} s") from error
        text = done.stdout.decode(errors="replace")
        screen = Screen(who=self.who, command=typed, code=done.returncode, text=text)
        self.log.add(screen)
        ended = f"`{typed}` of {self.who} ended with {screen.code}, not {code}"
        expect(screen.code == code, f"{ended}:\n{text.strip()}")
        return screen

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.pathsep.join((sysconfig.get_path("scripts"), os.environ["PATH"])),
            "HOME": str(self.home),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": self.clock.text,
            "GIT_COMMITTER_DATE": self.clock.text,
            "LC_ALL": "C.UTF-8",
            "TUFLINE_NOW": self.clock.text,
            **self.variables,
        }
