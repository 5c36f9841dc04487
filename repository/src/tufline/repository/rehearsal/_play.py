"""Plays a scenario, step by step, and stops at the first that does not do what it should."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

from tufline.repository.errors import TuflineError
from tufline.repository.rehearsal._ceremony import Ceremony
from tufline.repository.rehearsal._screen import Screen, expect
from tufline.repository.rehearsal._step import Step


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """A step that did what it should."""

    step: Step
    seconds: float
    screens: tuple[Screen, ...]
    result: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """A step that did not."""

    step: Step
    seconds: float
    screens: tuple[Screen, ...]
    error: TuflineError | OSError


def play(ceremony: Ceremony, scenario: Sequence[Step]) -> Iterator[Played | Failed]:
    """Play the steps, yielding each as it is over; after a failed one there is no other."""
    for step in scenario:
        outcome = _play(ceremony, step)
        yield outcome
        if isinstance(outcome, Failed):
            return


def _play(ceremony: Ceremony, step: Step) -> Played | Failed:
    ceremony.log.heading(f"{step.point}. {step.who} {step.what}")
    began = monotonic()
    try:
        result = step.act(ceremony)
        _expect_no_problems(ceremony)
    except (TuflineError, OSError) as error:
        seconds, screens = monotonic() - began, ceremony.log.take()
        return Failed(step=step, seconds=seconds, screens=screens, error=error)
    seconds, screens = monotonic() - began, ceremony.log.take()
    return Played(step=step, seconds=seconds, screens=screens, result=result)


def _expect_no_problems(ceremony: Ceremony) -> None:
    """The hook fails in silence, since a push is done when it runs; the server shows it here."""
    problems = ceremony.server.problems()
    told = "; ".join(f"{job}: {text}" for job, text in problems.items())
    expect(not problems, f"the server has open problems: {told}")
