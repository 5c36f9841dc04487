"""Putting signatures that were made elsewhere into an event: as files, which a job folds in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tufline.repository.format import DetachedSignature, write_detached
from tufline.repository.history import Commit, History, Moved
from tufline.repository.jobs import (
    Event,
    Proposal,
    case_of,
    commit_proposal,
    load_event,
    proposal,
    with_detached,
)
from tufline.repository.review import Counts, Review, VerifierFor, judge_signature
from tufline.signer.detached._errors import SignatureNotTaken
from tufline.signer.detached._signatures import SignatureFile

_ATTEMPTS: Final = 5  # each lost race means that somebody else got something done


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """What was pushed, in words such as "targets version 2 by @alice"; nothing: it was there.

    `commit` is the event's new head, or the one that it has.
    """

    commit: Commit
    signatures: tuple[str, ...]
    event: Event
    review: Review


def add_signatures(
    history: History, file: SignatureFile, event: str, *, verifiers: VerifierFor, now: datetime
) -> Added:
    """Push each signature of the file as a file of the event, in one commit.

    Raises `SignatureNotTaken` if one of them does not count for the event as it is, and
    `ChangeRefused` if review forbids the outcome; nothing is pushed then.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        current = load_event(history, event, verifiers=verifiers)
        names, change = _decide(current, file, now=now)
        try:
            commit = commit_proposal(history, change, author=None, now=now)
        except Moved:
            if attempt == _ATTEMPTS:
                raise
            history.refresh()
        else:
            return Added(commit=commit, signatures=names, event=current, review=change.review)
    raise AssertionError(event)  # the last attempt returned or raised


def _decide(
    event: Event, file: SignatureFile, *, now: datetime
) -> tuple[tuple[str, ...], Proposal]:
    new = tuple(_new(event, file, now=now))
    names = tuple(f"{each.role} version {each.version} by {holder}" for each, holder in new)
    files: dict[str, bytes | None] = {each.path: write_detached(each) for each, _ in new}
    message = f"Add detached signatures: {', '.join(names)}"
    return names, proposal(event, files, message=message, now=now)


def _new(
    event: Event, file: SignatureFile, *, now: datetime
) -> Iterator[tuple[DetachedSignature, str]]:
    """Yield the signatures that the event lacks, with their holders; raise `SignatureNotTaken`."""
    case = case_of(event, now=now)
    judged = [(each, judge_signature(case.role(each.role), each)) for each in file.signatures]
    problems = [
        f"{each.role} version {each.version}: {found.reason}"
        for each, found in judged
        if not isinstance(found, Counts)
    ]
    if problems:
        raise SignatureNotTaken(event.name, problems)
    for each, found in judged:
        lies_there = event.proposed.read(each.path) == write_detached(each)
        if (
            isinstance(found, Counts)
            and not lies_there
            and with_detached(case.role(each.role), each, {})
        ):
            yield each, found.holder
