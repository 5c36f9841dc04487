"""What one run of a command costs. Imports next to nothing: see `cost_of`."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

RUNS: Final = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """Seconds from start to end, and the most memory that one of its processes held."""

    seconds: float
    megabytes: float


def cost_of(command: Sequence[str]) -> Cost:
    """Run the command, which must succeed.

    Linux counts the memory of the process that starts another as the other's, so whoever calls this
    must be small: the repositories are made by a program of their own.
    """
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}: exit status {process.returncode}")
    return Cost(seconds=seconds, megabytes=usage.ru_maxrss / 1024)


def seconds_of(script: str) -> float:
    """Return how long a shell script takes, the median of some runs."""
    return statistics.median(cost_of(["sh", "-c", script]).seconds for _ in range(RUNS))
