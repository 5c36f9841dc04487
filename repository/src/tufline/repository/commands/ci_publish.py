"""tufline ci publish: judge the publish branch in full, and publish it."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tufline.repository.commands._answer import show_answer
from tufline.repository.commands._options import git_dir_option, now_option
from tufline.repository.commands._progress import progress_bar

if TYPE_CHECKING:
    from tufline.repository.jobs.publishing import Published


@click.command()
@git_dir_option
@now_option
def command(*, git_dir: Path, now: datetime) -> None:
    """Publish what is not published yet: for testing, then for all. Answers JSON.

    Clients try new content first; where one refuses it, what clients have is kept fresh. At the end
    it is looked at from outside. Where all is published already nothing is done, and "acted" is
    false.
    """
    from tufline.repository.commands._verifiers import verifiers
    from tufline.repository.history import open_history
    from tufline.repository.jobs.publishing import publish

    with open_history(git_dir) as history, progress_bar("publishing") as progress:
        done = publish(history, now=now, progress=progress, verifiers=verifiers())
    show_answer(_answer(done))


def _answer(done: "Published") -> dict[str, Any]:
    answer: dict[str, Any] = {"commit": done.commit, "acted": done.acted, "lane": done.lane}
    for name, deployment in (("staging", done.staging), ("production", done.production)):
        if deployment is not None:
            counts = {"written": deployment.written, "unchanged": deployment.unchanged}
            answer[name] = counts
    return {**answer, "inconclusive": list(done.inconclusive)}
