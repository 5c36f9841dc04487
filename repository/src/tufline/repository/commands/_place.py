"""Opens the ports of a job for a command."""

import os
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tufline.repository.forge import Forge
    from tufline.repository.history import History
    from tufline.repository.jobs.place import Place
    from tufline.repository.notify import Sink

ForgeName: TypeAlias = Literal["bare", "github"]
_REMOTE: Final = "origin"  # what actions/checkout calls it


@contextmanager
def open_place(git_dir: Path, now: datetime, forge: ForgeName = "bare") -> "Iterator[Place]":
    """Open the repository and the forge that jobs work with.

    For "bare" that is a bare repository, with its folder of statuses; for "github" a clone, whose
    remote `origin` is the repository that the environment of a workflow names.
    """
    opened = _on_github(git_dir, now) if forge == "github" else _on_this_machine(git_dir, now)
    with opened as place:
        yield place


@contextmanager
def open_forge(git_dir: Path, forge: ForgeName = "bare") -> "Iterator[Forge]":
    """Open the forge alone; that of "github" needs no clone."""
    if forge == "github":
        from tufline.repository.forge.github import GitHubForge, connect

        with closing(connect(os.environ)) as session:
            yield GitHubForge(session)
        return
    from tufline.repository.forge import BareForge
    from tufline.repository.history import open_history

    with open_history(git_dir) as history:
        yield BareForge(history.git_dir)


@contextmanager
def _on_this_machine(git_dir: Path, now: datetime) -> "Iterator[Place]":
    from tufline.repository.forge import BareForge
    from tufline.repository.history import open_history
    from tufline.repository.jobs.place import Place

    with open_history(git_dir) as history:
        forge = BareForge(history.git_dir)
        yield Place(history=history, forge=forge, now=now, sinks=_sinks(history))


@contextmanager
def _on_github(git_dir: Path, now: datetime) -> "Iterator[Place]":
    from tufline.repository.forge.github import GitHubForge, connect
    from tufline.repository.history import open_history
    from tufline.repository.jobs.place import Place

    with (
        closing(connect(os.environ)) as session,
        open_history(git_dir, pull_remote=_REMOTE, token=session.http_token) as history,
    ):
        forge = GitHubForge(session)
        yield Place(history=history, forge=forge, now=now, sinks=_sinks(history))


def _sinks(history: "History") -> "tuple[Sink, ...]":
    """Open those that main's settings name. What is wrong with them is told by `ci watch`."""
    from tufline.repository.jobs import MAIN
    from tufline.repository.notify import open_sinks
    from tufline.repository.settings import InvalidSettings, read_settings
    from tufline.repository.state import State

    main = history.branches(MAIN).get(MAIN)
    if main is None:
        return ()
    try:
        settings = read_settings(State(history.files(main)))
    except InvalidSettings:  # the job says so, if it goes by them
        return ()
    return open_sinks(settings.notify, os.environ)[0]
