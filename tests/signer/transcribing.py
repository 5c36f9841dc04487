"""What was on somebody's terminal, kept as a text that a reviewer can read and a test can compare.

A session is written to `transcripts/`; what differs from run to run stands there as `HEX`, `KEY`,
`SIZE` and `DIR`.
"""

import os
import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import click
from tests.signer.helpers import Holder, Server, converse

TRANSCRIPTS: Final = Path(__file__).parent / "transcripts"
_KEY: Final = re.compile(r"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)
# Signatures, and ids that do not fit into what is left of a line, go on in the next one.
_LONG_HEX: Final = re.compile(r"\b(?:[0-9a-f]\n +)?[0-9a-f]{40,}(?:\n +[0-9a-f]+)*\b")
_HEX: Final = re.compile(r"\b[0-9a-f]{7,40}\b")
# Of what holds signatures, whose lengths vary.
_SIZE: Final = re.compile(r"\b[0-9]{4,}(?= bytes)|(?<=\blength: )[0-9]{3,}")
_WORKING: Final = re.compile(r"[^\r\n]*\r\x1b\[K")  # shown where a machine is slow
_RUN: Final = re.compile(r"^\$ tufline (.*)\n((?:(?!\$ tufline ).*\n?)*)", re.MULTILINE)
_FAILED: Final = re.compile(r"^\(exit status [0-9]+\)$", re.MULTILINE)


@dataclass(kw_only=True)
class Session:
    """Somebody's terminal, and all that was on it."""

    folder: Path
    shown: list[str] = field(default_factory=list)

    def run(self, person: Holder, command: str, *talk: tuple[str, str], code: int = 0) -> None:
        """Run a command and answer what it asks; a PIN is not shown."""
        arguments = command.format(dir=self.folder).split()
        screen = converse(person, arguments, list(talk), code=code)
        typed = command.replace("{dir}", "DIR")
        self.shown.append(f"$ tufline {typed}\n{self._steady(screen)}")
        self.shown.append("" if code == 0 else f"(exit status {code})\n")

    def text(self) -> str:
        return "\n".join(part for part in self.shown if part)

    def _steady(self, screen: str) -> str:
        text = (
            click.unstyle(_WORKING.sub("", screen))
            .replace("\r\n", "\n")
            .replace(str(self.folder), "DIR")
        )
        text = _HEX.sub("HEX", _LONG_HEX.sub("HEX", _KEY.sub("KEY", text)))
        return _SIZE.sub("SIZE", text).replace(platform.python_version(), "3.X")


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Who is there, and the server that they work with."""

    session: Session
    server: Server
    alice: Holder
    bob: Holder


@dataclass(frozen=True, kw_only=True)
class Run:
    """A command as it was typed, without `tufline`, and whether it ended well."""

    typed: str
    good: bool


def expect(session: Session, name: str) -> None:
    """Compare with what is kept, or keep it where that is asked for."""
    text, kept = session.text(), TRANSCRIPTS / f"{name}.txt"
    if os.environ.get("TUFLINE_UPDATE_GOLDEN"):
        TRANSCRIPTS.mkdir(exist_ok=True)
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")


def kept_runs() -> Iterator[Run]:
    """Yield each command of each transcript."""
    for file in sorted(TRANSCRIPTS.glob("*.txt")):
        for typed, shown in _RUN.findall(file.read_text(encoding="utf-8")):
            yield Run(typed=typed, good=not _FAILED.search(shown))
