"""Pull requests into main that are no signing events: of branches of other names, and of forks.

Main's protection demands the status `signing-event` of these too.
"""

from itertools import islice
from typing import Final

from tufline.repository.forge._interface import Contribution
from tufline.repository.forge.github._connection import Session
from tufline.repository.forge.github._contributions import contribution_of
from tufline.repository.forge.github._errors import asking
from tufline.repository.forge.github._facts import is_event
from tufline.repository.forge.github._statuses import (
    CommitStatus,
    read_commit_status,
    set_commit_status,
)
from tufline.repository.forge.github._texts import commit_description

_MOST: Final = 100


def others(session: Session) -> tuple[Contribution, ...]:
    """Return the open ones, newest first, 100 at most."""
    with asking("list the pull requests into main", "pull-requests: read"):
        pulls = session.repository.get_pulls(
            state="open", base="main", sort="created", direction="desc"
        )
        found = (contribution_of(pull) for pull in pulls if not is_event(pull))
        return tuple(islice(found, _MOST))


def clear(session: Session, proposal: Contribution, *, allowed: bool, summary: str) -> None:
    """Set the status of the head, unless it says the same already."""
    wanted = CommitStatus(
        state="success" if allowed else "failure",
        description=commit_description(summary),
        target_url=f"{session.server}/{session.full_name}/pull/{proposal.number}",
    )
    if read_commit_status(session, proposal.head) != wanted:
        set_commit_status(session, proposal.head, wanted)
