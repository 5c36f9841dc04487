"""The validators that main names, run on the signer's machine before anything is signed.

The bundled ones only read. A command is a program that whoever may write to main has chosen, so
the person is asked before it runs here; declined, it counts like one that could not be started.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from shlex import join

from tufline.repository.commands import spelled
from tufline.repository.forge import CheckVerdict
from tufline.repository.jobs import Event
from tufline.repository.jobs.checks.validators import validate_event, wanted
from tufline.repository.validators import Job, Opinion, Undecided, run_command
from tufline.signer._errors import NotValidated
from tufline.signer.commands._screen import say, wants


@dataclass(frozen=True, kw_only=True)
class Validation:
    """Validates an event once for each content that it has.

    `programs` is whether the programs that main names may be run, if the person agrees.
    """

    programs: bool = True
    done: set[str] = field(default_factory=set)
    allowed: dict[tuple[str, ...], bool] = field(default_factory=dict)

    def run(self, event: Event, *, now: datetime, yes: bool) -> None:
        """Show what validators say; raise `NotValidated` if one refuses."""
        if not event.settings.validator or not self._is_new(event):
            return
        check = validate_event(event, now=now, run=partial(self._run, yes=yes))
        if check is None:
            return
        say(spelled(check.summary))
        for line in check.text.splitlines():
            say(spelled(line))
        if check.verdict is CheckVerdict.FAILED:
            raise NotValidated(event.name, check.summary)

    def _is_new(self, event: Event) -> bool:
        """Whether the artifacts, or what validates them, are others than before."""
        looked_at = repr([(each.validator, each.artifact, each.siblings) for each in wanted(event)])
        content = f"{event.main} {looked_at}"
        if content in self.done:
            return False
        self.done.add(content)
        return True

    def _run(self, job: Job, *, yes: bool) -> Opinion:
        """Run a command if the person lets it; each is asked for once."""
        if not self.programs:
            return Undecided(why="programs are not run from a payload")
        if job.command not in self.allowed:
            question = f"run main's validator here: {spelled(join(job.command))}?"
            self.allowed[job.command] = wants(question, yes=yes)
        return run_command(job) if self.allowed[job.command] else Undecided(why="you declined it")
