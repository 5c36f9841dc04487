"""Opens the ports of a job for a command."""

import os
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from tufline.repository.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tufline.repository.forge import EventCheck, Forge
    from tufline.repository.history import History
    from tufline.repository.jobs.checks import Checker
    from tufline.repository.jobs.place import Place
    from tufline.repository.notify import Sink

ForgeName: TypeAlias = Literal["bare", "github"]
_REMOTE: Final = "origin"  # what actions/checkout calls it
CHECKS: Final = "TUFLINE_CHECKS"
CHECKS_OF_KEYS: Final = "tufline.event-checks"


class NoChecks(UserError):
    """What an earlier job answered cannot be read."""

    hint = "run the whole workflow again, not this job alone"

    def __init__(self) -> None:
        super().__init__(f"{CHECKS} does not hold what checks answer")


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
    from tufline.repository.commands._verifiers import verifiers
    from tufline.repository.forge import BareForge
    from tufline.repository.history import open_history
    from tufline.repository.jobs.checks.choice import checks_here
    from tufline.repository.jobs.place import Place

    with open_history(git_dir) as history:
        forge = BareForge(history.git_dir)
        yield Place(
            history=history,
            forge=forge,
            now=now,
            sinks=_sinks(history),
            checkers=checks_here(history, _checks_of_keys()),
            checked=_checked(),
            verifiers=verifiers(),
        )


@contextmanager
def _on_github(git_dir: Path, now: datetime) -> "Iterator[Place]":
    from tufline.repository.commands._verifiers import verifiers
    from tufline.repository.forge.github import GitHubForge, connect
    from tufline.repository.history import open_history
    from tufline.repository.jobs.checks.choice import checks_elsewhere
    from tufline.repository.jobs.place import Place

    with (
        closing(connect(os.environ)) as session,
        open_history(git_dir, pull_remote=_REMOTE, token=session.http_token) as history,
    ):
        forge = GitHubForge(session)
        yield Place(
            history=history,
            forge=forge,
            now=now,
            sinks=_sinks(history),
            checkers=checks_elsewhere(),
            checked=_checked(),
            verifiers=verifiers(),
        )


def _checks_of_keys() -> "tuple[Checker, ...]":
    """Return the checks of the part that holds online keys, where it is installed."""
    from importlib.metadata import entry_points

    found = entry_points(group=CHECKS_OF_KEYS)
    return tuple(checker for entry in found for checker in entry.load()())


def _checked() -> "tuple[EventCheck, ...]":
    """Return what earlier jobs of this workflow found, each a list of JSON objects in a line."""
    import json

    from tufline.repository.forge import check_from_json

    lines = os.environ.get(CHECKS, "").splitlines()
    try:
        return tuple(check_from_json(tree) for line in lines for tree in json.loads(line))
    except (ValueError, KeyError, TypeError) as error:
        raise NoChecks from error


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
