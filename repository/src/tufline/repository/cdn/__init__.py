"""Caches between the store and the clients: making them forget what has changed.

What is published says itself how long it may be kept, and the answer that a file is not there yet
must not be kept at all. Some caches do not listen to that; those are told.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from tufline.repository.cdn._purge import PurgeFailed, purge
from tufline.repository.cdn._settings import PurgeSettings

Purge: TypeAlias = Callable[[PurgeSettings, Sequence[str]], None]
"""Makes caches forget URLs. Doing so again is harmless. Raises `PurgeFailed`."""

__all__ = ["Purge", "PurgeFailed", "PurgeSettings", "purge"]
