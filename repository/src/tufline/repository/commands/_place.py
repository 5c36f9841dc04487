"""Opens the ports of a job for a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tufline.repository.forge import BareForge
from tufline.repository.history import open_history
from tufline.repository.jobs.place import Place


@contextmanager
def open_place(git_dir: Path, now: datetime) -> Iterator[Place]:
    """Open a bare repository, with its folder of statuses as the forge."""
    with open_history(git_dir) as history:
        yield Place(history=history, forge=BareForge(history.git_dir), now=now)
