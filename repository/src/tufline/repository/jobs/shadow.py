"""Job: have one event checked by what is not ours, where there is no token and no key to get at.

Real clients try its shadow, and validators look at its artifacts. What they say goes to the job
`signing-event`, which goes by it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from tufline.repository.errors import UserError
from tufline.repository.forge import EventCheck
from tufline.repository.history import History, NoSuchRef
from tufline.repository.jobs._events import Event, load_event, with_files
from tufline.repository.jobs._settle import next_step
from tufline.repository.jobs.checks import Checker
from tufline.repository.publish import safe_name
from tufline.repository.review import Ready, Refused, Review, VerifierFor, Waiting, keys_alone
from tufline.repository.shadow import Shadow
from tufline.repository.state import State

_MOST_STEPS: Final = 8


class NotEmpty(UserError):
    """The folder holds something already."""

    hint = "name a folder that is not there yet"

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is there already")


def shadow_event(
    history: History,
    name: str,
    checkers: Sequence[Checker],
    *,
    now: datetime,
    verifiers: VerifierFor = keys_alone,
) -> tuple[EventCheck, ...]:
    """Return what is found of the event; nothing of one that is over, refused, or of no interest.

    Raises `NotAnEvent`.
    """
    try:
        event = load_event(history, name, verifiers=verifiers)
    except NoSuchRef:
        return ()
    event, found = _settled(event, now)
    if not isinstance(found.verdict, Ready | Waiting):
        return ()
    answers = (checker.check(event, found, now=now) for checker in checkers)
    return tuple(each for each in answers if each is not None)


def _settled(event: Event, now: datetime) -> tuple[Event, Review]:
    """Return the event with what the pipeline itself will commit to it; nothing is committed."""
    found = event.review(now=now)
    for _ in range(_MOST_STEPS):
        try:
            step = next_step(event, found, now=now)
        except UserError:
            break
        if step is None or isinstance(step.review.verdict, Refused):
            break
        event = replace(event, proposed=State(with_files(event.proposed.files, step.files)))
        found = step.review
    return event, found


def keep(shadow: Shadow, folder: Path) -> None:
    """Write what would be published to a new folder; raise `NotEmpty`."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError as error:
        raise NotEmpty(folder) from error
    for name, data in shadow.proposed.files.items():
        path = folder / safe_name(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
