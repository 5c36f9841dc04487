"""One module per job: decide what must be done, then do it. Each may be killed and run again.

What all of them, and the tools of signers, share: reading signing events and committing to them.
"""

from tufline.repository.jobs._events import (
    EVENT_PREFIX,
    MAIN,
    PUBLISH,
    Event,
    NotAnEvent,
    event_between,
    load_event,
    new_event,
    open_event,
    with_files,
)
from tufline.repository.jobs._fold import case_of, with_detached
from tufline.repository.jobs._propose import (
    ChangeRefused,
    Proposal,
    commit_proposal,
    draft_proposal,
    proposal,
)
from tufline.repository.jobs._roots import is_started, oldest_root

__all__ = [
    "EVENT_PREFIX",
    "MAIN",
    "PUBLISH",
    "ChangeRefused",
    "Event",
    "NotAnEvent",
    "Proposal",
    "case_of",
    "commit_proposal",
    "draft_proposal",
    "event_between",
    "is_started",
    "load_event",
    "new_event",
    "oldest_root",
    "open_event",
    "proposal",
    "with_detached",
    "with_files",
]
