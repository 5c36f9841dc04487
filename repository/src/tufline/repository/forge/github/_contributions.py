"""What people who may not push offer to an event: pull requests into its branch."""

import re
from typing import Final

from github.PullRequest import PullRequest

from tufline.repository.forge._interface import Contribution
from tufline.repository.forge.github._connection import Session
from tufline.repository.forge.github._errors import asking
from tufline.repository.forge.github._notes import Note, marked, own_notes
from tufline.repository.forge.github._texts import COMMENT_LIMIT
from tufline.repository.history import Commit

_DECLINED: Final = re.compile(r"declined [0-9a-f]{40,64}")
_TOO_LONG: Final = "This was not taken. There is more to say about it than fits here."


def contributions(session: Session, event: str) -> tuple[Contribution, ...]:
    """Return the open pull requests into the event that we have not declined as they are now."""
    with asking(f"list the pull requests into {event}", "pull-requests: read"):
        pulls = session.repository.get_pulls(
            state="open", base=event, sort="created", direction="asc"
        )
        offered = map(contribution_of, pulls)
        return tuple(each for each in offered if not _is_declined(session, each))


def decline(session: Session, contribution: Contribution, reason: str) -> None:
    """Say why it was not taken, in one comment: the one about an earlier head, if there is one."""
    with asking(f"comment on pull request {contribution.number}", "pull-requests: write"):
        text = marked(_about(contribution), reason)
        if len(text) > COMMENT_LIMIT:
            text = marked(_about(contribution), _TOO_LONG)
        notes = _answers(session, contribution)
        issue = session.repository.get_issue(contribution.number)
        if not notes:
            issue.create_comment(text)
        elif notes[0].body != text:
            issue.get_comment(notes[0].id).edit(text)


def contribution_of(pull: PullRequest) -> Contribution:
    """Return what a pull request offers."""
    return Contribution(
        number=pull.number,
        ref=f"refs/pull/{pull.number}/head",
        head=Commit(pull.head.sha),
        who=getattr(pull.user, "login", "ghost"),  # nobody, if the account is gone
    )


def _is_declined(session: Session, contribution: Contribution) -> bool:
    about = _about(contribution)
    return any(note.about == about for note in _answers(session, contribution))


def _answers(session: Session, contribution: Contribution) -> list[Note]:
    notes = own_notes(session, "pullRequest", contribution.number)
    return [note for note in notes if _DECLINED.fullmatch(note.about)]


def _about(contribution: Contribution) -> str:
    return f"declined {contribution.head}"
