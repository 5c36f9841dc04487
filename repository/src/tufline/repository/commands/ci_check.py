"""tufline ci check: look at what is deployed as clients do."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import click

from tufline.repository.commands._options import git_dir_option, now_option


@click.command()
@click.option("--ahead", type=click.IntRange(min=0), default=0, metavar="DAYS", help="Also then.")
@git_dir_option
@now_option
def command(*, ahead: int, git_dir: Path, now: datetime) -> None:
    """Let a new client refresh from the production store, now and some days ahead.

    Answers JSON; exit status 1 if the client fails at either time.
    """
    from tufline.repository.history import open_history
    from tufline.repository.jobs.check import check

    with open_history(git_dir) as history:
        found = check(history, now=now, ahead=timedelta(days=ahead))
    answer = [{"at": each.at.isoformat(), "problem": each.problem} for each in found]
    click.echo(json.dumps(answer))
    if any(each.problem for each in found):
        raise click.exceptions.Exit(1)
