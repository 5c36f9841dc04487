"""tufline ci prune: delete from the stores what no client can need any more."""

from datetime import datetime, timedelta
from pathlib import Path

import click

from tufline.repository.commands._answer import show_answer
from tufline.repository.commands._options import git_dir_option, now_option


@click.command()
@click.option(
    "--older-than",
    type=click.IntRange(min=1),
    metavar="DAYS",
    required=True,
    help="Keep what is younger, and what was published in that time.",
)
@click.option("--delete", is_flag=True, help="Delete it; without, only its names are shown.")
@git_dir_option
@now_option
def command(*, older_than: int, delete: bool, git_dir: Path, now: datetime) -> None:
    """Delete published files that no client can need any more. Answers JSON.

    Roots stay, and whatever a state refers to that clients may still be at. Best run while nothing
    is published, see docs/publishing.md.
    """
    from tufline.repository.history import open_history
    from tufline.repository.jobs.pruning import prune_stores

    with open_history(git_dir) as history:
        done = prune_stores(
            history, older_than=timedelta(days=older_than), now=now, dry_run=not delete
        )
    answer: dict[str, object] = {"deleted": delete, "production": done.production}
    if done.staging is not None:
        answer["staging"] = done.staging
    show_answer(answer)
