"""What is said of one thing that was looked at."""

from dataclasses import dataclass
from enum import StrEnum

from tufline.repository.init._facts import Unknown


class Severity(StrEnum):
    """How bad it is."""

    MISSING = "missing"
    UNSAFE = "unsafe"
    UNKNOWN = "unknown"
    FINE = "fine"


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """What was looked at.

    Attributes:
        what: how it is; not what it should be.
        why: what depends on it.
        where: the page to set it on, or what to do.
    """

    severity: Severity
    what: str
    why: str
    where: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Aim:
    """How something should be, and what to say of how it is."""

    good: str
    bad: str
    why: str
    where: str

    def fine(self) -> Remark:
        return self._remark(Severity.FINE, self.good)

    def missing(self) -> Remark:
        return self._remark(Severity.MISSING, self.bad)

    def unsafe(self, what: str | None = None) -> Remark:
        return self._remark(Severity.UNSAFE, what or self.bad)

    def unknown(self, reason: Unknown) -> Remark:
        what = f"not known whether {self.good}: to read it needs {reason.needs}"
        return self._remark(Severity.UNKNOWN, what)

    def _remark(self, severity: Severity, what: str) -> Remark:
        return Remark(severity=severity, what=what, why=self.why, where=self.where)

    def judged(self, state: bool | Unknown) -> Remark:  # noqa: FBT001 - a fact, no option
        """Return the remark on something that is so, or is not, or is not known."""
        if isinstance(state, Unknown):
            return self.unknown(state)
        return self.fine() if state else self.missing()
