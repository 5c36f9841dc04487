"""What is going on, where that takes long: said on a terminal after a second, and taken away again.

Nothing may be asked meanwhile: the question would stand behind it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, Timer
from typing import Final

from tufline.repository.commands import spelled

_SECONDS: Final = 1
_ERASE: Final = "\r\x1b[K"


@contextmanager
def working(what: str) -> Iterator[None]:
    """Say "fetching from origin ...", as `what` says it, while something takes over a second."""
    if not sys.stderr.isatty():
        yield
        return
    line = _Line(f"{spelled(what)} ...")
    timer = Timer(_SECONDS, line.show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        line.end()


@dataclass
class _Line:
    """A line that may be shown until its end, and never after."""

    text: str
    shown: bool = False
    ended: bool = False
    lock: Lock = field(default_factory=Lock)

    def show(self) -> None:
        with self.lock:
            if not self.ended:
                self.shown = True
                self._write(self.text)

    def end(self) -> None:
        with self.lock:
            self.ended = True
            if self.shown:
                self._write(_ERASE)

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
