"""tufline review: judge a change, or a whole state, without changing or fetching anything."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tufline.repository.commands._options import git_dir_option, json_option, now_option
from tufline.repository.commands._screen import styled

if TYPE_CHECKING:
    from tufline.repository.jobs.review import Answer


@click.command()
@click.option("--base", help="Known good, usually main. Without it the whole event is judged.")
@click.option("--event", default="HEAD", show_default=True, help="The change: any revision.")
@git_dir_option
@now_option
@json_option
def command(*, base: str | None, event: str, git_dir: Path, now: datetime, as_json: bool) -> None:
    """Judge a change of the repository, or without --base all that it holds.

    The verdict is in the answer, not in the exit status: that is 0 whenever there is an answer.
    """
    from tufline.repository.commands._verifiers import verifiers
    from tufline.repository.history import open_history
    from tufline.repository.jobs.review import answer
    from tufline.repository.review import review_json

    with open_history(git_dir) as history:
        found = answer(history, base=base, event=event, now=now, verifiers=verifiers())
        if as_json:
            click.echo(review_json(found.review, base=found.base, event=found.event))
        else:
            click.echo(_terminal(found))


def _terminal(found: "Answer") -> str:
    from tufline.repository.changes import changes_between
    from tufline.repository.report import terminal

    changes = changes_between(found.known_good, found.proposed)
    return terminal(found.review, changes, style=styled)
