"""What GitHub has of one signing event now, or of all: read by GraphQL, changed by nobody here.

An event's pull request is one whose head is the event's branch in this repository. Whatever a fork
calls its branches, its pull requests are none of ours, and so are comments that we did not write.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from tufline.repository.forge.github._connection import Session
from tufline.repository.forge.github._errors import asking
from tufline.repository.forge.github._statuses import JUDGED, CommitStatus, status_of
from tufline.repository.history import Commit

_PREFIX: Final = "sign/"
_READ: Final = "pull-requests: read"
_Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnComment:
    """A comment that we wrote.

    Attributes:
        edited: whether its text is now somebody else's.
    """

    id: int
    body: str
    edited: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Pull:
    """A pull request from the event's branch into main. `comments` are ours, oldest first."""

    number: int
    node_id: str
    url: str
    head: Commit
    is_open: bool = True
    is_draft: bool = False
    author: str | None = None
    labels: frozenset[str] = frozenset()
    reviewers: frozenset[str] = frozenset()
    comments: tuple[OwnComment, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """What there is of one event.

    Attributes:
        pull: the open pull request, else the newest that was closed without a merge.
        commit_status: that of the commit which was judged.
        head_author: the login of its author; None where GitHub knows none.
        has_label: whether the repository has the label that was asked for.
    """

    pull: Pull | None = None
    commit_status: CommitStatus | None = None
    head_author: str | None = None
    has_label: bool = False


_COMMENTS: Final = """
fragment Comments on IssueCommentConnection {
  pageInfo { hasNextPage endCursor }
  nodes { fullDatabaseId body viewerDidAuthor author { login } editor { login } }
}
"""
_EVENT: Final = (
    """
query($owner: String!, $name: String!, $branch: String!, $head: GitObjectID!,
    $label: String!) {
  repository(owner: $owner, name: $name) {
    label(name: $label) { name }
    object(oid: $head) { ...Head }
    ref(qualifiedName: $branch) {
      open: associatedPullRequests(first: 20, states: OPEN, baseRefName: "main") {
        nodes { ...Pull }
      }
      closed: associatedPullRequests(first: 20, states: CLOSED, baseRefName: "main",
          orderBy: {field: CREATED_AT, direction: DESC}) {
        nodes { ...Pull }
      }
    }
  }
}
fragment Head on Commit {
  author { user { login } }
  ...Judged
}
fragment Pull on PullRequest {
  number id url isDraft isCrossRepository state headRefOid
  author { login }
  labels(first: 100) { nodes { name } }
  reviewRequests(first: 100) { nodes { requestedReviewer { ... on User { login } } } }
  comments(first: 100) { ...Comments }
}
"""
    + JUDGED
    + _COMMENTS
)
_ALL: Final = (
    """
query($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(first: 50, after: $after, states: OPEN, baseRefName: "main") {
      pageInfo { hasNextPage endCursor }
      nodes { number headRefName isCrossRepository comments(first: 50) { ...Comments } }
    }
  }
}
"""
    + _COMMENTS
)
_MORE_COMMENTS: Final = (
    """
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) { comments(first: 100, after: $after) { ...Comments } }
  }
}
"""
    + _COMMENTS
)


def observe(session: Session, event: str, *, head: Commit, label: str) -> Observed:
    """Return what there is of an event whose `head` was judged, and of a label."""
    branch = f"refs/heads/{event}"
    with asking("show the event's pull request", permission=_READ):
        answer = session.query(_EVENT, branch=branch, head=head, label=label)["repository"]
        commit = answer["object"] or {}
        return Observed(
            pull=_pull(session, answer["ref"]),
            commit_status=status_of(commit),
            head_author=_login((commit.get("author") or {}).get("user")),
            has_label=answer["label"] is not None,
        )


def open_events(session: Session) -> Iterator[tuple[str, Iterator[OwnComment]]]:
    """Yield each event that has an open pull request, with our comments there, oldest first."""
    page: _Json = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        with asking("list the pull requests", permission=_READ):
            answer = session.query(_ALL, after=page["endCursor"])["repository"]["pullRequests"]
        for pull in answer["nodes"]:
            if pull["headRefName"].startswith(_PREFIX) and not pull["isCrossRepository"]:
                yield pull["headRefName"], _own_comments(session, pull)
        page = answer["pageInfo"]


def _pull(session: Session, ref: _Json | None) -> Pull | None:
    if ref is None:  # no branch: GitHub closed its pull requests
        return None
    # A branch of ours may also be proposed to a repository that this one is a fork of.
    nodes = [*ref["open"]["nodes"], *ref["closed"]["nodes"]]
    ours = (node for node in nodes if not node["isCrossRepository"])
    return next((_pull_of(session, node) for node in ours), None)


def _pull_of(session: Session, node: _Json) -> Pull:
    requests = (each["requestedReviewer"] for each in node["reviewRequests"]["nodes"])
    return Pull(
        number=node["number"],
        node_id=node["id"],
        url=node["url"],
        head=Commit(node["headRefOid"]),
        is_open=node["state"] == "OPEN",
        is_draft=node["isDraft"],
        author=_login(node["author"]),
        labels=frozenset(label["name"] for label in node["labels"]["nodes"]),
        reviewers=frozenset(login for each in requests if (login := _login(each))),
        comments=tuple(_own_comments(session, node)),
    )


def _own_comments(session: Session, pull: _Json) -> Iterator[OwnComment]:
    """Yield our comments of a pull request; further pages are asked for when they are needed."""
    page = pull["comments"]
    yield from _ours(page)
    while page["pageInfo"]["hasNextPage"]:
        after = page["pageInfo"]["endCursor"]
        with asking("list the comments", permission=_READ):
            answer = session.query(_MORE_COMMENTS, number=pull["number"], after=after)
        page = answer["repository"]["pullRequest"]["comments"]
        yield from _ours(page)


def _ours(page: _Json) -> Iterator[OwnComment]:
    for node in page["nodes"]:
        if node["viewerDidAuthor"]:
            editor = _login(node["editor"])
            yield OwnComment(
                id=int(node["fullDatabaseId"]),
                body=node["body"],
                edited=node["editor"] is not None and editor != _login(node["author"]),
            )


def _login(actor: _Json | None) -> str | None:
    return actor.get("login") if actor else None
