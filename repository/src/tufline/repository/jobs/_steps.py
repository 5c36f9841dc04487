"""Steps of a run that does several things: one that fails is reported and does not stop others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tufline.repository.errors import TuflineError, with_notes
from tufline.repository.jobs.place import Place
from tufline.repository.notify import Kind, Notice, Severity, notify


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step: what it did, or the problem it met."""

    job: str
    said: str | None
    problem: str | None = None


def run_step(
    place: Place, job: str, act: Callable[[], str], *, shown: Mapping[str, str] | None = None
) -> Step:
    """Run one step, and open or close its problem.

    `shown` are the forge's open problems; it is asked for them where they are not given.
    """
    said, problem = None, None
    try:
        said = act()
    except TuflineError as error:
        problem = error.with_hint
    except OSError as error:
        problem = str(error)
    except Exception as error:  # noqa: BLE001 - a defect met in one event must not stop the others
        problem = f"unexpected {type(error).__name__}: {with_notes(error)}"
    untold = _report(place, job, problem, shown)  # clients come first, though nobody can be told
    return Step(job=job, said=said, problem="; ".join(filter(None, (problem, *untold))) or None)


def _report(
    place: Place, job: str, problem: str | None, shown: Mapping[str, str] | None
) -> tuple[str, ...]:
    """Tell of a problem that is new or over, and show it or no more; return what did not work."""
    untold: tuple[str, ...] = ()
    try:
        failed_before = job in (place.forge.problems() if shown is None else shown)
        if failed_before != (problem is not None):
            notice = _notice(job, problem)
            untold = tuple(str(each) for each in notify(place.sinks, notice))
        if problem is not None:
            place.forge.open_problem(job, problem)
        elif failed_before:
            place.forge.close_problem(job)
    except TuflineError as error:
        return (*untold, error.with_hint)
    return untold


def _notice(job: str, problem: str | None) -> Notice:
    if problem is not None:
        return Notice(kind=Kind.PROBLEM, key=job, title=f"{job} failed", text=problem)
    works = f"{job} works again"
    return Notice(kind=Kind.MENDED, key=job, title=works, text="", severity=Severity.INFO)
