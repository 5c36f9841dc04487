"""Where a job works, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from tufline.repository.forge import EventCheck, Forge
from tufline.repository.history import History
from tufline.repository.jobs.checks import Checker
from tufline.repository.notify import Sink
from tufline.repository.publish import Store, open_store
from tufline.repository.review import VerifierFor, keys_alone

__all__ = ["OpenStore", "Place", "open_store"]

OpenStore: TypeAlias = Callable[[str], Store]
"""Opens the store that a setting names; never fails for what settings hold, and creates nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The ports of a job, and the time it is run at. The sinks are told what the forge is.

    `checkers` look at events beside review; `checked` is what earlier jobs of this run found so.
    `verifiers` say what verifies signatures, those of events and those that are published.
    """

    history: History
    forge: Forge
    now: datetime
    open_store: OpenStore = open_store
    sinks: tuple[Sink, ...] = ()
    checkers: tuple[Checker, ...] = ()
    checked: tuple[EventCheck, ...] = ()
    verifiers: VerifierFor = keys_alone
