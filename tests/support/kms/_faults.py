"""What can go wrong between a signer and its key, planned request by request."""

import threading
from enum import Enum


class Fault(Enum):
    """What one request to sign ends with, in place of a good answer."""

    DENIED = "denied"
    THROTTLED = "throttled"
    FAILED = "failed"
    """The service has an error of its own."""
    DISABLED = "disabled"
    """This version of the key exists, and may not be used any more."""
    BROKEN = "broken"
    """The connection ends before anything is signed."""
    LOST = "lost"
    """It is signed, and the connection ends before the answer."""
    STALLED = "stalled"
    """It is signed, and no answer comes, though the connection stays."""
    WRONG_KEY = "wrong-key"
    """Another key signs: a good signature of somebody else."""
    GARBAGE = "garbage"
    """The answer has the right form, and its signature is noise."""


class Faults:
    """The faults of a key: planned ones for the next requests, one each, or always the same.

    Servers ask in threads of their own; a test changes the plan between requests.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Work from now on, and count from zero."""
        with self._lock:
            self._planned: list[Fault | None] = []
            self._always: Fault | None = None
            self.asked = 0
            self.signed = 0

    def plan(self, *faults: Fault | None) -> None:
        """Let the next requests end so, in this order; those with None work, and all after them."""
        with self._lock:
            self._planned = list(faults)

    def always(self, fault: Fault) -> None:
        """Let every request fail, until `clear`."""
        with self._lock:
            self._always = fault

    def next(self) -> Fault | None:
        """Return what the request that just came ends with."""
        with self._lock:
            self.asked += 1
            return self._planned.pop(0) if self._planned else self._always

    def count_signature(self) -> None:
        """Count a signature of the right key, whoever gets to see it."""
        with self._lock:
            self.signed += 1
