"""tufline events: which signing events are open, and whom they wait for."""

import json
from datetime import datetime
from pathlib import Path

import click

from tufline.repository.commands._options import (
    git_dir_option,
    json_option,
    now_option,
    remote_option,
)


@click.command()
@git_dir_option
@remote_option
@now_option
@json_option
def command(*, git_dir: Path, remote: str | None, now: datetime, as_json: bool) -> None:
    """List the open signing events and whom each waits for.

    With --remote, its branches are listed as they were fetched last; nothing is fetched now.
    """
    from tufline.repository.history import open_history
    from tufline.repository.jobs.events import open_events

    with open_history(git_dir, pull_remote=remote) as history:
        found = open_events(history, now=now)
    if as_json:
        click.echo(json.dumps([each.to_dict() for each in found], indent=2))
        return
    for each in found:
        click.echo(each.line())
    if not found:
        click.echo("no signing event is open")
