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
    from tufline.repository.publish import DirectoryStore

    with open_history(git_dir) as history:
        output.mkdir(parents=True, exist_ok=True)
        done = build(history, DirectoryStore(output))
    click.echo(json.dumps({"written": done.written, "unchanged": done.unchanged}))
