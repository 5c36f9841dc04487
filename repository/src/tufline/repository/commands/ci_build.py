"""tufline ci build: write what is published into a folder."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tufline.repository.commands._answer import show_answer
from tufline.repository.commands._options import git_dir_option, now_option, remote_option

if TYPE_CHECKING:
    from tufline.repository.jobs.publishing import Built


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

    Where the folder holds an earlier state, only what changed is written. With --judge, and where
    a client refuses new content, the folder is emptied and filled with what clients have, under
    the newest timestamp there is; then "held-back" says why.
    """
    from tufline.repository.commands._verifiers import verifiers
    from tufline.repository.history import open_history
    from tufline.repository.jobs.publishing import build, build_judged
    from tufline.repository.publish import DirectoryStore

    def empty() -> DirectoryStore:
        shutil.rmtree(output)
        output.mkdir()
        return DirectoryStore(output)

    with open_history(git_dir, pull_remote=remote) as history:
        output.mkdir(parents=True, exist_ok=True)
        store = DirectoryStore(output)
        if judge:
            done = build_judged(history, store, now=now, emptied=empty, verifiers=verifiers())
        else:
            done = build(history, store, verifiers=verifiers())
    show_answer(_answer(done))


def _answer(done: "Built") -> dict[str, Any]:
    return {
        "commit": done.commit,
        "lane": done.lane,
        "written": done.deployment.written,
        "unchanged": done.deployment.unchanged,
        "inconclusive": list(done.inconclusive),
        "held-back": None if done.held_back is None else done.held_back.with_hint,
    }
