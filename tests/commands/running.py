"""Runs commands as people do, in this process: exit code and what was printed."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from tests.support.sample import NOW

from tufline.repository.commands import main


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self.out)


class Terminal:
    """Runs `tufline`, as of `NOW` unless told otherwise."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Ran:
        self._capsys.readouterr()
        code = main([str(each) for each in arguments])
        shown = self._capsys.readouterr()
        return Ran(code, shown.out, shown.err)

    def at_now(self, *arguments: object) -> Ran:
        return self(*arguments, "--now", NOW.isoformat())


def expect_failure(ran: Ran, *said: str) -> None:
    """Make sure that the command failed with a message, a hint, and nothing else."""
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error: ")
    assert "\nhint: " in ran.err
    assert "Traceback" not in ran.err
    for words in said:
        assert words in ran.err
