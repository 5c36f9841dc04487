"""The whole rehearsal, in order."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tufline.repository.rehearsal import (
    _attacks_on_content,
    _attacks_on_delivery,
    _steps_changes,
    _steps_keys,
    _steps_start,
)
from tufline.repository.rehearsal._step import Step

POINTS: Final[Mapping[int, str]] = MappingProxyType(
    {
        1: "the repository is started",
        2: "it is published for the first time",
        3: "an artifact changes",
        4: "a role is delegated",
        5: "time passes: root is signed again, and one person has a new key",
        6: "the online key is replaced",
        7: "attacks, which must fail visibly while clients go on",
    }
)

START: Final = _steps_start.START
CHANGES: Final = _steps_changes.STEPS
KEYS: Final = _steps_keys.STEPS
ATTACKS: Final = _attacks_on_content.BY_EVENTS
"""Points 1, 3 and 4, 5 and 6, and of 7: what is the same wherever the repository is hosted."""

SCENARIO: Final[tuple[Step, ...]] = (
    *_steps_start.STEPS,
    *_steps_changes.STEPS,
    *_steps_keys.STEPS,
    *_attacks_on_content.BY_FORCE,
    *_attacks_on_content.BY_EVENTS,
    *_attacks_on_delivery.ATTACKS,
)
