"""What happened in a rehearsal, as values: screens, outcomes, and the error of a surprise."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tufline.repository.errors import TuflineError

_CHANGES: Final = "What changes"  # the heading of a report after which the news is
_TOP, _NEWS, _END = 2, 6, 3  # how many lines of each part are worth a place on the screen


class NotAsExpected(TuflineError):
    """A step did not do what it should. Either Tufline has a defect or this machine has."""

    hint = "run it again with --keep DIR, and look at what DIR/log.txt and DIR/server.git hold"


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen:
    """A command that somebody typed, and what they saw after it.

    Attributes:
        who: a person, or "server" for what its hook, its timer or its operator runs.
        text: standard output and standard error, as they came.
    """

    who: str
    command: str
    code: int
    text: str

    @property
    def digest(self) -> tuple[str, ...]:
        """The lines that say most: the verdict, what changes, and how it ended."""
        lines = [line.rstrip() for line in self.text.splitlines() if line.strip()]
        start = lines.index(_CHANGES) if _CHANGES in lines else _TOP
        head = [*lines[: min(_TOP, start)], *lines[start : start + _NEWS]]
        left_out = len(lines) - len(head) - _END
        if left_out <= 1:
            return tuple(lines)
        return (*head, f"… {left_out} more lines …", *lines[-_END:])


class Log:
    """All screens of a rehearsal, in a file; and in memory those since the last look."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._recent: list[Screen] = []

    def heading(self, text: str) -> None:
        """Begin a new part of the file."""
        self._append(f"\n== {text}\n")

    def add(self, screen: Screen) -> None:
        """Keep a screen."""
        self._recent.append(screen)
        self._append(
            f"\n{screen.who} $ {screen.command}\n{screen.text.rstrip()}\n"
            f"(exit status {screen.code})\n"
        )

    def take(self) -> tuple[Screen, ...]:
        """Return the screens since the last call."""
        taken, self._recent = tuple(self._recent), []
        return taken

    def _append(self, text: str) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(text)


def expect(condition: object, otherwise: str) -> None:
    """Raise `NotAsExpected`, which says `otherwise`, unless the condition holds."""
    if not condition:
        raise NotAsExpected(otherwise)
