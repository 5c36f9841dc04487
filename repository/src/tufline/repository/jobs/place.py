"""Where a job works, and what it answers."""

from dataclasses import dataclass
from datetime import datetime

from tufline.repository.forge import Forge
from tufline.repository.history import History


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The ports of a job, and the time it is run at."""

    history: History
    forge: Forge
    now: datetime
