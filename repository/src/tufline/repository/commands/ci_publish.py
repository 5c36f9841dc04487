"""tufline ci publish: judge the publish branch in full, and publish it."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tufline.repository.commands._answer import append_to, show_answer
from tufline.repository.commands._options import git_dir_option, now_option
from tufline.repository.commands._progress import progress_bar

if TYPE_CHECKING:
    from tufline.repository.jobs.publishing import CachesNotTold, Published


@click.command()
@click.option("--purge", is_flag=True, help="Tell caches again, where a run before could not.")
@git_dir_option
@now_option
def command(*, purge: bool, git_dir: Path, now: datetime) -> None:
    """Publish what is not published yet: for testing, then for all. Answers JSON.

    Clients try new content first; where one refuses it, what clients have is kept fresh. At the end
    it is looked at from outside. Where all is published already nothing is done, and "acted" is
    false. Exit status 1 also where all is published, and caches could not be told.
    """
    from tufline.repository.commands._verifiers import verifiers
    from tufline.repository.history import open_history
    from tufline.repository.jobs.publishing import CachesNotTold, publish

    with open_history(git_dir) as history, progress_bar("publishing") as progress:
        done = publish(
            history,
            now=now,
            progress=progress,
            verifiers=verifiers(),
            tell_caches=lambda: purge,
        )
    show_answer(_answer(done))
    if done.not_purged is not None:
        problem = CachesNotTold(done.not_purged)
        _summarize(problem)
        raise problem


def _summarize(problem: "CachesNotTold") -> None:
    """Say it in the job's summary, too."""
    from tufline.repository.report import as_markdown, prose

    line = as_markdown(("Published, but not told to all: ", prose(problem.with_hint)))
    append_to("GITHUB_STEP_SUMMARY", f"- :x: {line}\n")


def _answer(done: "Published") -> dict[str, Any]:
    answer: dict[str, Any] = {"commit": done.commit, "acted": done.acted, "lane": done.lane}
    for name, deployment in (("staging", done.staging), ("production", done.production)):
        if deployment is not None:
            counts = {"written": deployment.written, "unchanged": deployment.unchanged}
            answer[name] = counts
    if done.visible is not None:
        answer["not_purged"] = str(done.not_purged) if done.not_purged else None
    return {**answer, "inconclusive": list(done.inconclusive)}
