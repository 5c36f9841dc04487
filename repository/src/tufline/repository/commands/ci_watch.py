"""tufline ci watch: look after the other jobs and what is deployed, and tell people."""

import os
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tufline.repository.commands._answer import show_answer
from tufline.repository.commands._options import forge_option, git_dir_option, now_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tufline.repository.commands._place import ForgeName
    from tufline.repository.forge import Workflows
    from tufline.repository.jobs.watch import Watched
    from tufline.repository.notify import NotSent


@click.command()
@click.option("--ahead", type=click.IntRange(min=0), default=5, show_default=True, metavar="DAYS")
@forge_option
@git_dir_option
@now_option
def command(*, ahead: int, forge: "ForgeName", git_dir: Path, now: datetime) -> None:
    """Open, update and close a problem for each failing job, and for clients that cannot update.

    Whoever `tufline.toml` names is told of each change. Answers JSON. Problems are an answer; exit
    status 1 means that somebody could not be told.
    """
    from tufline.repository.commands._place import open_place
    from tufline.repository.jobs import MAIN
    from tufline.repository.jobs.watch import EVERY, watch
    from tufline.repository.notify import beat, open_sinks
    from tufline.repository.settings import read_settings
    from tufline.repository.state import State

    with open_place(git_dir, now, forge) as place, _workflows(forge) as workflows:
        settings = read_settings(State(place.history.files(place.history.resolve(MAIN))))
        sinks, unset = open_sinks(settings.notify, os.environ)
        hours = settings.watch.every.items()
        every = {**EVERY, **{name: timedelta(hours=each) for name, each in hours}}
        watched = watch(place, sinks, workflows, ahead=timedelta(days=ahead), every=every)
    unsent = (*unset, *watched.unsent)
    _answer(watched, unsent or beat(settings.watch, os.environ))


@contextmanager
def _workflows(forge: "ForgeName") -> "Iterator[Workflows | None]":
    """Open the runs of the forge's workflows, where it has any."""
    if forge != "github":
        yield None
        return
    from tufline.repository.forge.github import GitHubWorkflows, connect

    with closing(connect(os.environ)) as session:
        yield GitHubWorkflows(session)


def _answer(watched: "Watched", unsent: "tuple[NotSent, ...]") -> None:
    answer = {
        "problems": {each.key: each.title for each in watched.problems},
        "unsent": [str(each) for each in unsent],
    }
    show_answer(answer)
    if unsent:
        raise click.exceptions.Exit(1)
