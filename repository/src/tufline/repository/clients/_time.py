"""The time that a client sees: the clock's, or another one.

Our own programs go by `TUFLINE_CLIENT_NOW` (ISO 8601, UTC). Others are run by `faketime`, which
loads a library into them; programs in Go do not notice it. Whether it helped, the self-test tells.
"""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from tufline.repository.clients._interface import Program
from tufline.repository.programs import NotRun

VARIABLE: Final = "TUFLINE_CLIENT_NOW"
_TOLERANCE: Final = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """The time a client is to see, and the machine's own."""

    now: datetime
    clock: datetime

    @property
    def shifted(self) -> bool:
        """Whether the two differ by so much that it may matter."""
        return abs(self.now - self.clock) > _TOLERANCE

    def command(self, program: Program) -> tuple[str, ...]:
        """Return how to run the program at this time; raise `NotRun` if that cannot be done."""
        if program.takes_time or not self.shifted:
            return program.command
        if shutil.which(program.command[0]) is None:
            return program.command  # starting it says what is wrong
        faketime = shutil.which("faketime")
        if faketime is None:
            raise NotRun("sees no time but the clock's: the program faketime is not installed")
        return (faketime, "-f", f"@{self.utc:%Y-%m-%d %H:%M:%S}", *program.command)

    def environment(self, program: Program) -> dict[str, str]:
        """Return what tells the program the time."""
        return {VARIABLE: self.utc.isoformat()} if program.takes_time else {}

    @property
    def utc(self) -> datetime:
        """The time a client is to see, in UTC."""
        return self.now.astimezone(UTC)


def timing(now: datetime) -> Timing:
    """Return the timing as of `now`; what clients see by themselves is the machine's clock."""
    return Timing(now=now, clock=datetime.now(UTC))
