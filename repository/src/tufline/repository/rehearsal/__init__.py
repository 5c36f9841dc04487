"""A rehearsal: a whole ceremony with real git, tokens, web servers and clients on this machine.

    with set_stage(folder, now=now) as ceremony:
        for outcome in play(ceremony, SCENARIO):
            ...

The people's part is played by the commands of `tufline.signer` and the online key's by those of
`tufline.online_sign`, as programs: nothing here imports them.
"""

from tufline.repository.rehearsal._ceremony import (
    EVENT_PAGE,
    LOG_FILE,
    REPOSITORY_PAGE,
    Ceremony,
    set_stage,
)
from tufline.repository.rehearsal._play import Failed, Played, play
from tufline.repository.rehearsal._scenario import POINTS, SCENARIO
from tufline.repository.rehearsal._screen import NotAsExpected, Screen
from tufline.repository.rehearsal._step import Step
from tufline.repository.rehearsal._tokens import NoSoftHsm, SoftToken, make_token

__all__ = [
    "EVENT_PAGE",
    "LOG_FILE",
    "POINTS",
    "REPOSITORY_PAGE",
    "SCENARIO",
    "Ceremony",
    "Failed",
    "NoSoftHsm",
    "NotAsExpected",
    "Played",
    "Screen",
    "SoftToken",
    "Step",
    "make_token",
    "play",
    "set_stage",
]
