"""tufline ci build: write what is published into a folder."""

import json
from pathlib import Path

import click

from tufline.repository.commands._options import git_dir_option


@click.command()
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder."
)
@git_dir_option
def command(*, output: Path, git_dir: Path) -> None:
    """Bring a folder to what the publish branch holds. Answers JSON.

    Where the folder holds an earlier state, only what changed is written.
    """
    from tufline.repository.history import open_history
    from tufline.repository.jobs.publishing import build

    with open_history(git_dir) as history:
        done = build(history, output)
    click.echo(json.dumps({"written": done.written, "unchanged": done.unchanged}))
