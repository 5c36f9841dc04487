"""What the pipeline itself still has to commit to an event, before people are asked to sign.

Steps, each a commit that review must accept first: metadata follows the artifacts; a role whose
delegator changed its keys gets a new version to sign; detached signatures go into the metadata;
when nothing else is missing the attestations of keys go; a ready event loses its empty signatures,
so that main equals what becomes public.
"""

from datetime import datetime
from functools import partial
from typing import Final

from tufline.repository.edit import (
    Draft,
    renew_distrusted,
    strip_empty_signatures,
    update_targets,
)
from tufline.repository.errors import UserError
from tufline.repository.format import artifact_of_path
from tufline.repository.jobs._attested import without_attestations
from tufline.repository.jobs._events import Event, load_event
from tufline.repository.jobs._fold import folding
from tufline.repository.jobs._propose import Proposal, commit_proposal, proposal
from tufline.repository.jobs.place import Place
from tufline.repository.review import (
    KeyVerifier,
    Ready,
    Refused,
    Review,
    SignedDocument,
    tally,
)
from tufline.repository.state import Delegation, Lookup

_MOST_STEPS: Final = 8


def settle(place: Place, event: Event) -> tuple[Event, Review, UserError | None]:
    """Commit what the pipeline has to; return the event after that, its review, what failed."""
    found = event.review(now=place.now)
    for _ in range(_MOST_STEPS):
        try:
            step = next_step(event, found, now=place.now)
        except UserError as failure:
            return event, found, failure
        if step is None:
            break
        if isinstance(step.review.verdict, Refused):
            return event, step.review, None
        commit_proposal(place.history, step, author=event.settings.committer, now=place.now)
        event = load_event(place.history, event.name, verifiers=place.verifiers)
        found = event.review(now=place.now)
    return event, found, None


def next_step(event: Event, found: Review, *, now: datetime) -> Proposal | None:
    """Return the next commit that the event needs from the pipeline, or None.

    `found` is the review of the event as it is. A step that review refuses is returned too: its
    findings are what people must see. Raises `UserError` where metadata cannot follow, unless the
    review says already what is wrong.
    """
    if files := _following(event, found, now):
        return proposal(event, files, message="Update metadata", now=now)
    if not found.errors and (fold := folding(event, now=now)):
        return proposal(event, fold.files, message=fold.message, now=now)
    if removal := without_attestations(event, found, now=now):
        return removal
    stripped = strip_empty_signatures(event.known_good, event.proposed) if _is_ready(found) else {}
    if stripped:
        return proposal(event, dict(stripped), message="Remove empty signatures", now=now)
    return None


def _following(event: Event, found: Review, now: datetime) -> dict[str, bytes | None]:
    """Return the metadata that must follow changed artifacts and delegators."""
    changed = [
        artifact
        for change in event.proposed.files.since(event.known_good.files)
        if (artifact := artifact_of_path(change.path))
    ]
    draft = Draft(known_good=event.known_good, event=event.proposed, now=now)
    try:
        update_targets(draft, changed, Lookup(event.proposed))
        renew_distrusted(draft, partial(_is_satisfied, event.verifier))
        return draft.files()
    except UserError:
        if found.errors:
            return {}  # people see what is wrong already
        raise  # else the event would wait for metadata that nobody can make


def _is_ready(found: Review) -> bool:
    return isinstance(found.verdict, Ready)


def _is_satisfied(verifier: KeyVerifier, delegation: Delegation, document: SignedDocument) -> bool:
    return tally(document, delegation, verifier).met
