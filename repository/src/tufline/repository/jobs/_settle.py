"""What the pipeline itself still has to commit to an event, before people are asked to sign.

Three steps, each a commit that review must accept first: metadata follows the artifacts; a role
whose delegator changed its keys gets a new version to sign; a ready event loses its empty
signatures, so that main equals what becomes public.
"""

from datetime import datetime

from tufline.repository.edit import (
    Draft,
    renew_distrusted,
    strip_empty_signatures,
    update_targets,
)
from tufline.repository.errors import TuflineError
from tufline.repository.format import artifact_of_path
from tufline.repository.jobs._events import Event
from tufline.repository.jobs._propose import Proposal, draft_proposal, proposal
from tufline.repository.review import LocalKeys, Ready, SignedDocument, tally
from tufline.repository.state import Delegation, Lookup


def next_step(event: Event, *, now: datetime) -> Proposal | None:
    """Return the next commit that the event needs from the pipeline, or None.

    A step that review refuses is returned too: its findings are what people must see.
    """
    for step in (_follow, _strip):
        found = step(event, now=now)
        if found is not None and found.files:
            return found
    return None


def _follow(event: Event, *, now: datetime) -> Proposal | None:
    """Let metadata follow artifacts and delegators."""
    changed = [
        artifact
        for change in event.proposed.files.since(event.known_good.files)
        if (artifact := artifact_of_path(change.path))
    ]

    def edit(draft: Draft) -> None:
        update_targets(draft, changed, Lookup(event.proposed))
        renew_distrusted(draft, _is_satisfied)

    try:
        return draft_proposal(event, edit, message="Update metadata", now=now)
    except TuflineError:
        return None  # what cannot be edited cannot be read either: review says so


def _strip(event: Event, *, now: datetime) -> Proposal | None:
    """Remove the empty signatures of a ready event."""
    if not isinstance(event.review(now=now).verdict, Ready):
        return None
    files = strip_empty_signatures(event.known_good, event.proposed)
    return proposal(event, dict(files), message="Remove empty signatures", now=now)


def _is_satisfied(delegation: Delegation, document: SignedDocument) -> bool:
    return tally(document, delegation, LocalKeys()).met
