"""tufline ci check: look at what is deployed as clients do."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tufline.repository.commands._options import git_dir_option, now_option

if TYPE_CHECKING:
    from tufline.repository.jobs.check import Checked

_DAYS: Final = re.compile(r"([0-9]{1,4})d?")


class Days(click.ParamType[timedelta]):
    """A number of days, "5" or "5d"."""

    name = "days"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return the time."""
        if isinstance(value, timedelta):
            return value
        found = _DAYS.fullmatch(str(value))
        if found is None:
            self.fail(f"{value!r} is not a number of days such as 5d", param, ctx)
        return timedelta(days=int(found[1]))


@click.command()
@click.option("--ahead", type=Days(), default=timedelta(), metavar="DAYS", help="Also then: 5d.")
@git_dir_option
@now_option
def command(*, ahead: timedelta, git_dir: Path, now: datetime) -> None:
    """Let a new client refresh from where clients read, now and some days ahead.

    Answers JSON, with the deployed roles that will have ended; exit status 1 if the client fails at
    either time. A delegated role that ended is no failure: clients do without it.
    """
    from tufline.repository.commands._verifiers import verifiers
    from tufline.repository.history import open_history
    from tufline.repository.jobs.check import check

    with open_history(git_dir) as history:
        found = check(history, now=now, ahead=ahead, verifiers=verifiers())
    click.echo(json.dumps([_answer(each) for each in found]))
    if any(each.problem for each in found):
        raise click.exceptions.Exit(1)


def _answer(checked: "Checked") -> dict[str, Any]:
    ended = [
        {"role": role.name, "version": role.version, "expires": role.expires.isoformat()}
        for role in checked.ended
    ]
    return {"at": checked.at.isoformat(), "problem": checked.problem, "ended": ended}
