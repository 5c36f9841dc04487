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
from tufline.repository.rehearsal._machine import Clock, Machine
from tufline.repository.rehearsal._people import Person
from tufline.repository.rehearsal._play import Failed, Played, play
from tufline.repository.rehearsal._scenario import ATTACKS, CHANGES, KEYS, POINTS, SCENARIO, START
from tufline.repository.rehearsal._screen import Log, NotAsExpected, Screen, expect
from tufline.repository.rehearsal._server import Server
from tufline.repository.rehearsal._step import Step, merges_and_publishes, signs
from tufline.repository.rehearsal._tokens import NoSoftHsm, SoftToken, make_token
from tufline.repository.rehearsal._user import User
from tufline.repository.rehearsal._web import Site

__all__ = [
    "ATTACKS",
    "CHANGES",
    "EVENT_PAGE",
    "KEYS",
    "LOG_FILE",
    "POINTS",
    "REPOSITORY_PAGE",
    "SCENARIO",
    "START",
    "Ceremony",
    "Clock",
    "Failed",
    "Log",
    "Machine",
    "NoSoftHsm",
    "NotAsExpected",
    "Person",
    "Played",
    "Screen",
    "Server",
    "Site",
    "SoftToken",
    "Step",
    "User",
    "expect",
    "make_token",
    "merges_and_publishes",
    "play",
    "set_stage",
    "signs",
]
