"""Python of emulated jobs starts with this: time passes there only when the test lets it.

So the pauses that GitHub asks well-behaved clients to make, a second between two writes, are short.
"""

import time
from typing import SupportsIndex

_sleep = time.sleep
_LONGEST = 0.01  # seconds


def _nap(seconds: float | SupportsIndex) -> None:
    _sleep(min(float(seconds), _LONGEST))


time.sleep = _nap
