"""The check `validators`: what `[[validator]]` of main's `tufline.toml` say of an event.

Signers run it too, on their own machines, with the same settings and the same result.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, assert_never

from tufline.repository.forge import CheckVerdict, EventCheck, Task
from tufline.repository.jobs._events import Event
from tufline.repository.jobs.checks._elsewhere import Elsewhere
from tufline.repository.report import as_markdown, prose
from tufline.repository.review import Review
from tufline.repository.validators import (
    RunCommand,
    Sound,
    Undecided,
    Unsound,
    Validation,
    content,
    run_command,
    tasks,
    validate,
)
from tufline.repository.validators import Task as Wanted

NAME: Final = "validators"
_MOST_SHOWN: Final = 50
_LONGEST_LINE: Final = 600
_LONGEST_TEXT: Final = 8_000  # characters; it goes through a variable of a job, as JSON


@dataclass(frozen=True, slots=True)
class ValidatorsCheck:
    """Lets the validators look at what an event changes. Needs no other job."""

    name: ClassVar[str] = NAME
    task: ClassVar[Task | None] = None
    run: RunCommand = run_command

    def content(self, event: Event, found: Review) -> str | None:
        """Return a digest of the validators and of the artifacts that they look at."""
        del found
        return _content(event)

    def check(self, event: Event, found: Review, *, now: datetime) -> EventCheck | None:
        """Run the validators."""
        del found
        return validate_event(event, now=now, run=self.run)


def wanted(event: Event) -> tuple[Wanted, ...]:
    """Return what the validators must look at in an event."""
    return tasks(event.settings.validator, event.proposed, event.changes())


def validate_event(
    event: Event, *, now: datetime, run: RunCommand = run_command
) -> EventCheck | None:
    """Return what the validators say of an event; None where none has anything to look at."""
    todo = wanted(event)
    digest = content(todo, event.known_good)
    if digest is None:
        return None
    found = validate(todo, event.known_good, event.proposed, now=now, run=run)
    return EventCheck(
        name=NAME,
        content=digest,
        verdict=_verdict(found),
        summary=_summary(found),
        text="\n".join(f"- {as_markdown((prose(line),))}" for line in problems(found)),
    )


def problems(found: Iterable[Validation]) -> tuple[str, ...]:
    """Return what is to be mended, one line per problem."""
    lines = tuple(_lines(found))
    shown = tuple(_clipped(line) for line in lines[:_MOST_SHOWN])
    while sum(map(len, shown)) > _LONGEST_TEXT:
        shown = shown[:-1]
    more = len(lines) - len(shown)
    return shown if more <= 0 else (*shown, f"and {more} more")


def _clipped(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"


def _lines(found: Iterable[Validation]) -> Iterator[str]:
    for each in found:
        match each.opinion:
            case Sound():
                continue
            case Unsound(problems=said):
                yield from (f"{each.artifact}, validator {each.validator}: {one}" for one in said)
            case Undecided(why=why):
                yield f"{each.artifact}, validator {each.validator}: not validated: {why}"
            case _:
                assert_never(each.opinion)


def _verdict(found: Sequence[Validation]) -> CheckVerdict:
    if _count(found, Unsound):
        return CheckVerdict.FAILED
    return CheckVerdict.INCONCLUSIVE if _count(found, Undecided) else CheckVerdict.PASSED


def _summary(found: Sequence[Validation]) -> str:
    bad, unknown = _count(found, Unsound), _count(found, Undecided)
    if bad:
        return f"validators refuse {bad} of {len(found)}: correct what they name"
    if unknown:
        return f"validators could not look at {unknown} of {len(found)}"
    return f"validators found nothing wrong ({len(found)} looked at)"


def _count(found: Iterable[Validation], kind: type[Unsound | Undecided]) -> int:
    return sum(isinstance(each.opinion, kind) for each in found)


def _content(event: Event) -> str | None:
    """Return a digest of the validators and of the artifacts that they look at."""
    return content(wanted(event), event.known_good)


VALIDATORS_ELSEWHERE: Final = Elsewhere(name=NAME, task=Task.SIGNING_EVENT, digest=_content)
"""The check, in a job that holds a token, and so runs no program of others."""
