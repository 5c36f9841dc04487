"""Shows a signing event: observe, plan, act, and again if GitHub leaves in doubt what it did."""

import time
from typing import Final

from tufline.repository.forge._interface import EventStatus
from tufline.repository.forge.github._act import MAIN, Overtaken, perform
from tufline.repository.forge.github._connection import Session
from tufline.repository.forge.github._errors import OutcomeUnknown, asking
from tufline.repository.forge.github._observed import observe, open_events
from tufline.repository.forge.github._plan import label_of, plan, shown_by

_ROUNDS: Final = 4


def show(session: Session, status: EventStatus) -> None:
    """Make GitHub show the status; see `Forge.show`."""
    for attempt in range(1, _ROUNDS + 1):
        observed = observe(session, status.event, head=status.head, label=label_of(status))
        try:
            perform(session, plan(observed, status), observed.pull)
        except (OutcomeUnknown, Overtaken):
            if attempt == _ROUNDS:
                raise
            # What was done a moment ago may not be seen at once.
            time.sleep(session.patience.backoff * 2**attempt)
        else:
            return


def statuses(session: Session) -> dict[str, EventStatus]:
    """Return what open pull requests show, by event; see `Forge.statuses`."""
    found: dict[str, EventStatus] = {}
    for event, comments in open_events(session):
        _, shown = shown_by(comments)
        if shown.status is not None and shown.status.event == event:
            found[event] = shown.status
    return dict(sorted(found.items()))


def forget(session: Session, event: str) -> None:
    """Close the open pull request of an event that is over; see `Forge.forget`."""
    owner = session.full_name.partition("/")[0]
    with asking("close the pull request", "pull-requests: write"):
        for pull in session.repository.get_pulls(head=f"{owner}:{event}", base=MAIN):
            pull.edit(state="closed")
