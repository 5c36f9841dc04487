"""Which checks an event has passed, and which it waits for.

An answer counts while what it is about stays the same. It is looked for in what this run was given
by a job before it, then in what is shown of the event; else the check is done, here or elsewhere.
What did not pass is tried again where that can be done at once: a key or a machine may be mended.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tufline.repository.forge import CheckVerdict, EventCheck, Task
from tufline.repository.jobs._events import Event
from tufline.repository.jobs.checks._interface import Checker
from tufline.repository.review import Review


@dataclass(frozen=True, kw_only=True, slots=True)
class Checks:
    """Where the checks of an event stand.

    Attributes:
        done: the answers there are.
        wanted: the names of those that must be done elsewhere, with the job that does each.
    """

    done: tuple[EventCheck, ...] = ()
    wanted: Mapping[str, Task | None] = field(default_factory=dict)

    @property
    def failed(self) -> tuple[EventCheck, ...]:
        """Those that say that the event must not be merged."""
        return tuple(each for each in self.done if each.verdict is CheckVerdict.FAILED)

    @property
    def undecided(self) -> bool:
        """Whether one says nothing: then no machine merges, and people may."""
        return any(each.verdict is CheckVerdict.INCONCLUSIVE for each in self.done)


def run_checks(
    checkers: Iterable[Checker],
    event: Event,
    found: Review,
    *,
    given: Sequence[EventCheck],
    shown: Sequence[EventCheck],
    now: datetime,
) -> Checks:
    """Return the checks of a sound event, doing those that are missing where that can be done.

    `given` are answers of jobs before this one, `shown` those of earlier runs; whoever made them
    had our trust.
    """
    done: list[EventCheck] = []
    wanted: dict[str, Task | None] = {}
    for checker in checkers:
        content = checker.content(event, found)
        if content is None:
            continue
        answer = _known(given, checker.name, content)
        answer = answer or _lasting(shown, checker.name, content)
        answer = answer or checker.check(event, found, now=now)
        answer = answer or _known(shown, checker.name, content)
        if answer is not None:
            done.append(answer)
        else:
            wanted[checker.name] = checker.task
    return Checks(done=tuple(done), wanted=wanted)


def _lasting(shown: Sequence[EventCheck], name: str, content: str) -> EventCheck | None:
    before = _known(shown, name, content)
    return before if before is not None and before.verdict is CheckVerdict.PASSED else None


def _known(known: Sequence[EventCheck], name: str, content: str) -> EventCheck | None:
    same = (each for each in known if (each.name, each.content) == (name, content))
    return next(same, None)
