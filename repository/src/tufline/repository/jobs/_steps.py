"""Steps of a run that does several things: one that fails is reported and does not stop others."""

from collections.abc import Callable
from dataclasses import dataclass

from tufline.repository.errors import TuflineError
from tufline.repository.forge import Forge


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step: what it did, or the problem it met."""

    job: str
    said: str | None
    problem: str | None = None


def run_step(forge: Forge, job: str, act: Callable[[], str], *, failed_before: bool = True) -> Step:
    """Run one step, and open or close its problem; without one before there is none to close."""
    said, problem = None, None
    try:
        said = act()
    except TuflineError as error:
        problem = f"{error}; {error.hint}" if error.hint else str(error)
    except OSError as error:
        problem = str(error)
    except Exception as error:  # noqa: BLE001 - a defect met in one event must not stop the others
        problem = f"unexpected {type(error).__name__}: {error}"
    try:
        if problem is not None:
            forge.open_problem(job, problem)
        elif failed_before:
            forge.close_problem(job)
    except TuflineError as error:  # what clients need must be done though nobody can be told
        problem = f"{problem}; {error}" if problem else str(error)
    return Step(job=job, said=said, problem=problem)
