"""Where a job works, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from tufline.repository.forge import EventCheck, Forge
from tufline.repository.history import History
from tufline.repository.jobs.checks import Checker
from tufline.repository.notify import Sink
from tufline.repository.publish import DirectoryStore, Store

OpenStore: TypeAlias = Callable[[str], Store]
"""Opens the store that a setting names; never fails and never creates it."""


def open_directory(place: str) -> Store:
    """Open a folder of this machine: the only kind of store there is for now."""
    return DirectoryStore(Path(place))


open_store: OpenStore = open_directory
"""Opens any kind of store, by what its name begins with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The ports of a job, and the time it is run at. The sinks are told what the forge is.

    `checkers` look at events beside review; `checked` is what earlier jobs of this run found so.
    """

    history: History
    forge: Forge
    now: datetime
    open_store: OpenStore = open_directory
    sinks: tuple[Sink, ...] = ()
    checkers: tuple[Checker, ...] = ()
    checked: tuple[EventCheck, ...] = ()
