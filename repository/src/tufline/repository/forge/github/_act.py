"""Does on GitHub what a plan says.

An action whose effect is there already counts as done. Nothing here makes a second of anything: a
POST of which nobody knows whether it took effect ends the plan with `OutcomeUnknown`, and one that
comes too late with `Overtaken`. Who called then observes and plans again.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, assert_never

from tufline.repository.forge._interface import ForgeFailed
from tufline.repository.forge.github._connection import Session
from tufline.repository.forge.github._errors import GitHubFailed, asking
from tufline.repository.forge.github._observed import Pull
from tufline.repository.forge.github._plan import (
    Action,
    Close,
    DeleteComment,
    EditStatusComment,
    MarkDraft,
    MarkReady,
    OpenPullRequest,
    PostComment,
    Reopen,
    RequestReviews,
    SetCommitStatus,
    SetLabels,
)
from tufline.repository.forge.github._statuses import CommitStatus, set_commit_status

if TYPE_CHECKING:
    from github.Issue import Issue

MAIN: Final = "main"
_WRITE: Final = "pull-requests: write"
_LABELLED: Final = "Where a signing event stands; set by Tufline"
_INVALID: Final = (HTTPStatus.UNPROCESSABLE_ENTITY,)
_MISSING: Final = (HTTPStatus.NOT_FOUND,)


class Overtaken(ForgeFailed):
    """Somebody was faster, so that the plan does not fit any more."""


@dataclass(frozen=True, slots=True)
class _Place:
    """The pull request that the actions are about."""

    number: int
    node_id: str
    url: str


def perform(session: Session, actions: Iterable[Action], pull: Pull | None) -> None:
    """Do the actions, in order, on `pull`; or on the one that the first of them opens."""
    place = _Place(pull.number, pull.node_id, pull.url) if pull else None
    for action in actions:
        if isinstance(action, OpenPullRequest):
            place = _open(session, action)
        elif place is not None:
            _do(session, place, action)


def _open(session: Session, action: OpenPullRequest) -> _Place:
    what = "open the pull request"
    with _overtaken_if(_INVALID), asking(what, _WRITE):
        made = session.repository.create_pull(
            base=MAIN,
            head=action.branch,
            title=action.title,
            body=action.body,
            draft=action.draft,
            maintainer_can_modify=False,
        )
        return _Place(made.number, made.node_id, made.html_url)


def _do(session: Session, place: _Place, action: Action) -> None:
    match action:
        case PostComment() | EditStatusComment() | DeleteComment():
            _comment(_issue(session, place), action)
        case RequestReviews():
            _request_reviews(session, place, action)
        case SetLabels():
            _set_labels(session, place, action)
        case SetCommitStatus():
            _set_commit_status(session, place, action)
        case Reopen() | Close() | MarkReady() | MarkDraft():
            _change(session, place, action)
        case OpenPullRequest():
            _open(session, action)
        case _:
            assert_never(action)


def _comment(issue: "Issue", action: PostComment | EditStatusComment | DeleteComment) -> None:
    match action:
        case PostComment():
            with asking("write a comment", _WRITE):
                issue.create_comment(action.body)
        case EditStatusComment():
            with _overtaken_if(_MISSING), asking("edit the status comment", _WRITE):
                issue.get_comment(action.id).edit(action.body)
        case DeleteComment():
            with _done_if(_MISSING), asking("delete a second status comment", _WRITE):
                issue.get_comment(action.id).delete()
        case _:
            assert_never(action)


def _request_reviews(session: Session, place: _Place, action: RequestReviews) -> None:
    """Ask each person by themselves: one who is no collaborator would spoil it for all."""
    for login in action.logins:
        with _done_if(_INVALID + _MISSING), asking("request a review", _WRITE):
            session.repository.get_pull(place.number).create_review_request([login])


def _set_labels(session: Session, place: _Place, action: SetLabels) -> None:
    issue = _issue(session, place)
    if action.add and action.create:
        with _done_if(_INVALID), asking("create a label", _WRITE):
            session.repository.create_label(action.add, action.create, _LABELLED)
    if action.add:
        with asking("set a label", _WRITE):
            issue.add_to_labels(action.add)
    for label in action.remove:
        with _done_if(_MISSING), asking("remove a label", _WRITE):
            issue.remove_from_labels(label)


def _set_commit_status(session: Session, place: _Place, action: SetCommitStatus) -> None:
    wanted = CommitStatus(state=action.state, description=action.description, target_url=place.url)
    set_commit_status(session, action.commit, wanted)


def _change(
    session: Session, place: _Place, action: Reopen | Close | MarkReady | MarkDraft
) -> None:
    match action:
        case Reopen():
            _reopen(session, place, action)
        case Close():
            with asking("close the pull request", _WRITE):
                session.repository.get_pull(place.number).edit(state="closed")
        case MarkReady():
            _mutate(session, place, "markPullRequestReadyForReview")
        case MarkDraft():
            _mutate(session, place, "convertPullRequestToDraft")
        case _:
            assert_never(action)


def _reopen(session: Session, place: _Place, action: Reopen) -> None:
    try:
        with asking("reopen the pull request", _WRITE):
            session.repository.get_pull(place.number).edit(state="open")
    except GitHubFailed as error:
        if error.status not in _INVALID:
            raise
        # Such as after the branch was deleted and pushed again.
        _open(session, action.otherwise)
        raise Overtaken("another pull request was opened in place of a closed one") from error


def _mutate(session: Session, place: _Place, mutation: str) -> None:
    with asking("change whether it is a draft", f"{_WRITE} and contents: write"):
        session.client.requester.graphql_named_mutation(
            mutation, {"pullRequestId": place.node_id}, "pullRequest { isDraft }"
        )


def _issue(session: Session, place: _Place) -> "Issue":
    return session.repository.get_issue(place.number)


@contextmanager
def _done_if(statuses: Sequence[int]) -> Iterator[None]:
    """Take these answers for: there is nothing to do, or nothing that could be done."""
    try:
        yield
    except GitHubFailed as error:
        if error.status not in statuses:
            raise


@contextmanager
def _overtaken_if(statuses: Sequence[int]) -> Iterator[None]:
    try:
        yield
    except GitHubFailed as error:
        if error.status not in statuses:
            raise
        raise Overtaken(str(error)) from error
