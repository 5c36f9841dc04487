"""tufline merge: merge a ready signing event, on a plain git server."""

from datetime import datetime
from pathlib import Path

import click

from tufline.repository.commands._options import git_dir_option, now_option


@click.command()
@click.argument("event")
@git_dir_option
@now_option
def command(*, event: str, git_dir: Path, now: datetime) -> None:
    """Merge EVENT into main and delete its branch, if it is ready.

    Run it where the bare repository is; on a forge, merge the pull request instead.
    """
    from tufline.repository.commands._place import open_place
    from tufline.repository.jobs.merge import merge

    with open_place(git_dir, now) as place:
        commit = merge(place, event)
    click.echo(f"merged {event} into main: {commit}")
