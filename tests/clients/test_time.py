"""Clients at another time than the clock's."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from tests.clients.odd import Found, Script, only_metadata, said, why
from tests.clients.sites import CLOCK, site

from tufline.repository.clients import Accepted, Program

NOT_FAKED = "FAKETIME IS NOT INSTALLED: apt-get install faketime"


@pytest.mark.parametrize("days", [-20, 20])
def test_time_is_the_callers(verdict: Found, script: Script, days: int) -> None:
    program = script("raise SystemExit(main())")

    assert verdict(program, only_metadata(), now=CLOCK + timedelta(days=days)) == Accepted()


def test_what_will_have_expired_is_refused(verdict: Found, script: Script) -> None:
    program = script("raise SystemExit(main())")

    assert "expired" in said(verdict(program, only_metadata(), now=CLOCK + timedelta(days=31)))


@pytest.mark.parametrize("days", [-20, 20])
def test_client_that_does_not_see_the_time_says_nothing(
    verdict: Found, script: Script, days: int
) -> None:
    program = script("os.environ.pop('TUFLINE_CLIENT_NOW')\nraise SystemExit(main())")

    found = verdict(program, site(), now=CLOCK + timedelta(days=days))

    assert why(found).startswith("cannot be told another time than the clock's, such as 20")


def test_foreign_program_sees_the_time_by_faketime(verdict: Found, script: Script) -> None:
    if not any(Path(folder, "faketime").exists() for folder in os.get_exec_path()):
        pytest.skip(NOT_FAKED)
    program = script("raise SystemExit(main())")
    foreign = Program(name="odd", command=program.command)

    assert "expired" in said(verdict(foreign, only_metadata(), now=CLOCK + timedelta(days=31)))


def test_foreign_program_needs_faketime(
    verdict: Found, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = Program(name="odd", command=script("").command)
    monkeypatch.setenv("PATH", "/nowhere")

    found = verdict(foreign, site(), now=CLOCK + timedelta(days=20))

    assert why(found).endswith("the program faketime is not installed")
