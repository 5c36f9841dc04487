"""tufline review: judge a change, or a whole state, without changing or fetching anything."""

from datetime import datetime
from pathlib import Path

import click

from tufline.repository.commands._options import git_dir_option, json_option, now_option


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
    from tufline.repository.history import open_history  # noqa: PLC0415 - keeps --help fast
    from tufline.repository.jobs.review import Question, answer  # noqa: PLC0415 - keeps --help fast

    with open_history(git_dir) as history:
        question = Question(base=base, event=event, now=now)
        found = answer(history, question)
        if as_json:
            click.echo(found.json())
        else:
            click.echo(found.terminal(style=click.style))
