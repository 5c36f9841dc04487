"""Computers of the rehearsal: each runs real programs, and inherits nothing of this process.

Settings of whoever plays the rehearsal (git hooks, commit signing, another token) must not count,
and one machine must not see another's keys.
"""

import io
import os
import shlex
import signal
import subprocess
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from tufline.repository.commands import main
from tufline.repository.rehearsal._screen import Log, NotAsExpected, Screen, expect

_INTERRUPTED: Final = (130, -signal.SIGINT)  # of ours, docs/exit-codes.md; of others
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

    def tufline_here(self, *arguments: str, code: int = 0) -> Screen:
        """Do what `tufline` does in this process: to start Python takes longer than most jobs.

        Not for commands that use a token, since a process sees the tokens of one folder only.
        """
        shown = io.StringIO()
        with self._surroundings(), redirect_stdout(shown), redirect_stderr(shown):
            ended = main(arguments)
        return self._seen(("tufline", *arguments), ended, shown.getvalue(), code=code)

    def git(self, *arguments: str, code: int = 0) -> Screen:
        """Run git; raise `NotAsExpected` if it ends with another exit status."""
        return self._run("git", *arguments, code=code)

    def _run(self, *command: str, code: int) -> Screen:
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
            raise NotAsExpected(f"`{shlex.join(command)}` did not end in {_LONGEST} s") from error
        return self._seen(command, done.returncode, done.stdout.decode(errors="replace"), code=code)

    def _seen(self, command: Sequence[str], ended: int, text: str, *, code: int) -> Screen:
        """Keep what was seen, and raise `NotAsExpected` if the command ended in another way."""
        if ended in _INTERRUPTED:  # what was typed was for the whole rehearsal
            raise KeyboardInterrupt
        typed = shlex.join(command)
        screen = Screen(who=self.who, command=typed, code=ended, text=text)
        self.log.add(screen)
        surprise = f"`{typed}` of {self.who} ended with {ended}, not {code}"
        expect(ended == code, f"{surprise}:\n{text.strip()}")
        return screen

    @contextmanager
    def _surroundings(self) -> Iterator[None]:
        """Let this process be where programs of the machine are, with their environment."""
        before = dict(os.environ)
        try:
            _replace_environment(self._environment())
            with chdir(self.folder):
                yield
        finally:
            _replace_environment(before)

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


def _replace_environment(variables: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(variables)
