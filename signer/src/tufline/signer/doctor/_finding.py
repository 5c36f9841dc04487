"""What one check of the machine found."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from tufline.repository.errors import TuflineError


class Outcome(StrEnum):
    """How a check ended."""

    OK = "ok"
    DOUBT = "doubt"
    """It may be right or wrong; a person can tell."""
    FAILED = "failed"
    NOT_LOOKED_AT = "not looked at"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One check.

    Attributes:
        name: what was looked at.
        said: what was seen, in words.
        mend: what to do; None where all is well.
    """

    name: str
    outcome: Outcome
    said: str
    mend: str | None = None


class Doubt(Exception):
    """What was seen may be right or wrong."""

    def __init__(self, said: str, mend: str) -> None:
        super().__init__(said)
        self.mend = mend


class Wrong(Doubt):
    """What was seen is wrong."""


class NotLookedAt(Exception):
    """The check could not be made; it says why."""


def checked(name: str, look: Callable[[], str]) -> Finding:
    """Return what a check finds. It returns what it saw, or raises what is wrong."""
    try:
        return Finding(name=name, outcome=Outcome.OK, said=look())
    except NotLookedAt as reason:
        return Finding(name=name, outcome=Outcome.NOT_LOOKED_AT, said=str(reason))
    except Doubt as doubt:
        outcome = Outcome.FAILED if isinstance(doubt, Wrong) else Outcome.DOUBT
        return Finding(name=name, outcome=outcome, said=str(doubt), mend=doubt.mend)
    except TuflineError as error:
        return Finding(name=name, outcome=Outcome.FAILED, said=str(error), mend=error.hint)
    except OSError as error:
        said = f"{error.filename or 'the system'}: {(error.strerror or str(error)).lower()}"
        return Finding(name=name, outcome=Outcome.FAILED, said=said)
