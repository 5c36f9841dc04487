"""tufline merge: merge a ready signing event."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tufline.repository.commands._options import forge_option, git_dir_option, now_option

if TYPE_CHECKING:
    from tufline.repository.commands._place import ForgeName


@click.command()
@click.argument("event")
@forge_option
@git_dir_option
@now_option
def command(*, event: str, forge: "ForgeName", git_dir: Path, now: datetime) -> None:
    """Merge EVENT into main and delete its branch, if it is ready.

    Run it where the bare repository is; on a forge, the button of the pull request does the same.
    """
    from tufline.repository.commands._place import open_place
    from tufline.repository.jobs.merge import merge

    with open_place(git_dir, now, forge) as place:
        commit = merge(place, event)
    click.echo(f"merged {event} into main: {commit}")
