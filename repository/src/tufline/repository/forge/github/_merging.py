"""Merging an event's pull request into main: through the API, under the branch's protection."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final, NoReturn

from github import GithubException, RateLimitExceededException
from github.PullRequest import PullRequest

from tufline.repository.forge._interface import MergeRefused
from tufline.repository.forge.github._connection import Session
from tufline.repository.forge.github._errors import asking, shown
from tufline.repository.forge.github._texts import spelled_out
from tufline.repository.history import Commit, Moved

_PERMISSION: Final = "contents: write and pull-requests: write"
_REFUSALS: Final = (HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.CONFLICT)


def merge(session: Session, event: str, *, head: Commit, message: str) -> Commit:
    """Merge the event if it is at `head`; return main's merge commit, the same one ever after.

    Raises `Moved` if the event is elsewhere, `MergeRefused` if GitHub's own rules forbid it.
    """
    with asking(f"merge {event}", _PERMISSION):
        for pull in _pulls(session, event):
            if pull.state == "open":
                return _merge(session, event, pull, head=head, message=message)
            if pull.merged_at and pull.head.sha == head:
                return Commit(pull.merge_commit_sha)
    raise MergeRefused(event, "it has no open pull request")


def _pulls(session: Session, event: str) -> Iterator[PullRequest]:
    """Yield the event's pull requests, newest first; not those of forks' branches of that name."""
    owner = session.full_name.split("/")[0]
    for pull in session.repository.get_pulls(
        state="all", base="main", head=f"{owner}:{event}", sort="created", direction="desc"
    ):
        home = getattr(pull.head.repo, "id", None)  # None: the fork is gone
        if home == pull.base.repo.id and pull.head.ref == event:
            yield pull


def _merge(
    session: Session, event: str, pull: PullRequest, *, head: Commit, message: str
) -> Commit:
    if pull.head.sha != head:
        raise Moved(event)
    if pull.draft:
        raise MergeRefused(event, "its pull request is a draft")
    title, _, text = message.partition("\n")
    try:
        done = pull.merge(
            commit_title=spelled_out(title),
            commit_message=text.strip(),
            merge_method="merge",
            sha=head,
        )
    except GithubException as error:
        now = session.repository.get_pull(pull.number)
        if now.merged and now.head.sha == head:  # by the request before this one, or by somebody
            return Commit(now.merge_commit_sha)
        _raise_refusal(event, error)
    return Commit(done.sha)


def _raise_refusal(event: str, error: GithubException) -> NoReturn:
    """Raise what the answer means; itself, if it is not about this pull request."""
    if error.status not in _REFUSALS or _is_about_the_token(error):
        raise error
    if error.status == HTTPStatus.CONFLICT:
        raise Moved(event) from error
    raise MergeRefused(event, shown(error.message or "no reason given")) from error


def _is_about_the_token(error: GithubException) -> bool:
    # Branch protection answers 403 too; only the sentence tells it from a missing permission.
    said = error.message or ""
    return isinstance(error, RateLimitExceededException) or said.startswith("Resource not access")
