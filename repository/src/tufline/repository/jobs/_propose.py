"""Putting a change on an event's branch: the only way in which tools and jobs commit to events."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tufline.repository.edit import Draft
from tufline.repository.errors import Refusal
from tufline.repository.history import Author, Commit, History, Move
from tufline.repository.jobs._events import Event, with_files
from tufline.repository.review import Finding, Refused, Review
from tufline.repository.state import State


class ChangeRefused(Refusal):
    """The change would break a rule, so it was not made."""

    hint = "see docs/rules.md for each rule; nothing was written"

    def __init__(self, event: str, findings: tuple[Finding, ...]) -> None:
        lines = "".join(f"\n  {each}" for each in findings)
        super().__init__(f"{event} would break a rule:{lines}")
        self.findings = findings


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """A commit that would be made on an event's branch, and what review says of it."""

    event: Event
    files: dict[str, bytes | None]
    message: str
    review: Review


def draft_proposal(
    event: Event, edit: Callable[[Draft], object], *, message: str, now: datetime
) -> Proposal:
    """Decide: apply `edit` to the event, and judge the outcome. Nothing is written."""
    draft = Draft(known_good=event.known_good, event=event.proposed, now=now)
    edit(draft)
    return proposal(event, draft.files(), message=message, now=now)


def proposal(
    event: Event, files: dict[str, bytes | None], *, message: str, now: datetime
) -> Proposal:
    """Judge the event with some files replaced. Nothing is written."""
    outcome = State(with_files(event.proposed.files, files))
    review = event.review_of(outcome, now=now)
    return Proposal(event=event, files=files, message=message, review=review)


def commit_proposal(
    history: History,
    wanted: Proposal,
    *,
    author: Author | None,
    now: datetime,
    taking: Commit | None = None,
) -> Commit:
    """Act: commit the proposal and move the branch, unless review refused it.

    What was judged is what is committed: where main has gone on, the commit takes main in. It also
    counts as a merge of `taking`, whatever the files of that are.
    Returns the branch's new head, or the old one where there is nothing to commit. Raises
    `ChangeRefused`; raises `Moved` if somebody else moved the branch meanwhile: nothing is lost.
    """
    if isinstance(wanted.review.verdict, Refused):
        raise ChangeRefused(wanted.event.name, wanted.review.verdict.findings)
    if not wanted.files:
        return wanted.event.head
    event = wanted.event
    merged = [event.main] if event.behind else []
    commit = history.write(
        tree=event.main if event.behind else event.head,
        changes={**(event.changes() if event.behind else {}), **wanted.files},
        parents=[event.head, *merged, *([taking] if taking else [])],
        message=wanted.message,
        author=author,
        when=now,
    )
    before = None if event.is_new else event.head
    history.move([Move(branch=event.name, old=before, new=commit)])
    return commit
