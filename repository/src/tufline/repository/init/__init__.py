"""A repository's own files beside metadata and targets: workflows, settings, texts for people.

`render` is pure. It leaves out all that asks the world: which commit our actions are pinned to,
what a folder holds already, how the forge is set up.
"""

from tufline.repository.init._options import (
    SCHEDULES,
    InvalidPin,
    OnGitHub,
    OnServer,
    Options,
    Pin,
    pin,
)
from tufline.repository.init._render import render

__all__ = [
    "SCHEDULES",
    "InvalidPin",
    "OnGitHub",
    "OnServer",
    "Options",
    "Pin",
    "pin",
    "render",
]
