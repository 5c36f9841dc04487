"""Options that several commands share."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])


class Instant(click.ParamType[datetime]):
    """A point in time in ISO 8601; without an offset it is UTC."""

    name = "iso8601"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> datetime:
        """Return the time in UTC, in whole seconds."""
        if isinstance(value, datetime):
            return value
        try:
            given = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2026-03-01T12:00:00Z", param, ctx)
        aware = given if given.tzinfo else given.replace(tzinfo=UTC)
        return aware.astimezone(UTC).replace(microsecond=0)


def now_option(function: Function) -> Function:
    """Add `--now`: the clock, read once, here."""
    return click.option(
        "--now",
        type=Instant(),
        envvar="TUFLINE_NOW",
        default=lambda: datetime.now(UTC).replace(microsecond=0),
        show_default="the clock",
        help="Judge and sign as of this time (ISO 8601).",
    )(function)


def git_dir_option(function: Function) -> Function:
    """Add `--git-dir`: which repository."""
    return click.option(
        "-C",
        "--git-dir",
        type=click.Path(path_type=Path),
        default=Path(),
        show_default="this folder",
        help="A clone or bare repository, or a folder inside one.",
    )(function)


def json_option(function: Function) -> Function:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")(function)


def remote_option(function: Function) -> Function:
    """Add `--remote`: whose branches count."""
    return click.option(
        "--remote",
        help="Work on the branches of this remote; without it, on the repository's own.",
    )(function)


def forge_option(function: Function) -> Function:
    """Add `--forge`: where people work together."""
    return click.option(
        "--forge",
        type=click.Choice(["bare", "github"]),
        envvar="TUFLINE_FORGE",
        default="bare",
        show_default=True,
        help="A bare repository on this machine, or GitHub as a workflow's environment names it.",
    )(function)
