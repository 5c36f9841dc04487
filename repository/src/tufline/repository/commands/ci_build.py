"""tufline ci build: write what is published into a folder."""

from datetime import datetime
from pathlib import Path

import click

from tufline.repository.commands._answer import show_answer
from tufline.repository.commands._options import git_dir_option, now_option, remote_option


@click.command()
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder."
)
@click.option(
    "--judge",
    is_flag=True,
    help="Review all of it first, workflows too, and let a client try what was written.",
)
@remote_option
@git_dir_option
@now_option
def command(*, output: Path, judge: bool, remote: str | None, git_dir: Path, now: datetime) -> None:
    """Bring a folder to what the publish branch holds. Answers JSON.

    Where the folder holds an earlier state, only what changed is written.
    """
    from tufline.repository.history import open_history
    from tufline.repository.jobs.publishing import build, build_judged
    from tufline.repository.publish import DirectoryStore

    with open_history(git_dir, pull_remote=remote) as history:
        output.mkdir(parents=True, exist_ok=True)
        store = DirectoryStore(output)
        done = build_judged(history, store, now=now) if judge else build(history, store)
    counts = {"written": done.deployment.written, "unchanged": done.deployment.unchanged}
    show_answer({"commit": done.commit, **counts})
