"""Attestations of an event: they are for those who sign, and go when everything else is done.

What goes is told in the commit, which the record of the event keeps.
"""

from collections.abc import Iterator
from datetime import datetime

from tufline.repository.format import key_owner
from tufline.repository.jobs._events import Event
from tufline.repository.jobs._fold import case_of
from tufline.repository.jobs._propose import Proposal, proposal
from tufline.repository.report import as_text, origin_sentence
from tufline.repository.review import (
    Case,
    Ready,
    Rejected,
    Review,
    judge_attestations,
    new_keys,
)


def without_attestations(event: Event, found: Review, *, now: datetime) -> Proposal | None:
    """Return the commit that removes the attestations; None while anything else is missing.

    `found` is the review of the event as it is. No signature is over these files.
    """
    if found.errors or not all(role.ready for role in found.roles):
        return None
    case = case_of(event, now=now)
    paths = [path for path, _ in judge_attestations(case)]
    message = "\n".join(["Remove attestations", "", *_lines(case)])
    removal = proposal(event, dict.fromkeys(paths), message=message, now=now) if paths else None
    return removal if removal and isinstance(removal.review.verdict, Ready) else None


def _lines(case: Case) -> Iterator[str]:
    """Yield what was known of each key, whose id is the file's name."""
    holders = {keyid: key_owner(key) or keyid for keyid, key in new_keys(case)}
    for path, origin in judge_attestations(case):
        keyid = path.rpartition("/")[2].removesuffix(".pem")
        if not isinstance(origin, Rejected):
            yield f"- {as_text(origin_sentence(holders[keyid], origin))} (key {keyid})"
