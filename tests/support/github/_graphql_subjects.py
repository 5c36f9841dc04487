"""Issues and pull requests as GraphQL shows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.support.github import _graphql_repository
from tests.support.github._graphql_connection import Connection
from tests.support.github._graphql_parts import CommentView, Commit, LabelView, ReviewRequest
from tests.support.github._graphql_people import Actor, Viewer
from tests.support.github._merging import mergeable
from tests.support.github._state import Issue, Pull, Repository


@dataclass(frozen=True, slots=True)
class Subject:
    """What issues and pull requests have in common."""

    viewer: Viewer
    home: Repository
    issue: Issue

    @property
    def repository(self) -> "_graphql_repository.RepositoryView":
        return _graphql_repository.RepositoryView(self.viewer, self.home)

    @property
    def url(self) -> str:
        kind = "pull" if self.issue.pull else "issues"
        return f"{self.viewer.state.url}/{self.home.full_name}/{kind}/{self.number}"

    @property
    def number(self) -> int:
        return self.issue.number

    @property
    def title(self) -> str:
        return self.issue.title

    @property
    def body(self) -> str:
        return self.issue.body or ""

    @property
    def closed(self) -> bool:
        return self.issue.state == "closed"

    @property
    def closed_at(self) -> datetime | None:
        return self.issue.closed

    @property
    def created_at(self) -> datetime:
        return self.issue.created

    @property
    def updated_at(self) -> datetime:
        return self.issue.updated

    @property
    def author(self) -> Actor | None:
        return self.viewer.actor(self.issue.author)

    @property
    def viewer_did_author(self) -> bool:
        return self.viewer.token.login == self.issue.author

    def labels(self, *, order_by: object = None, **bounds: Any) -> Connection:  # noqa: ANN401 - as in `Connection`
        """Return the labels; the schema's default order is that in which they were set."""
        _ = order_by
        labels = [LabelView(self.home.labels[name]) for name in self.issue.labels]
        return Connection("labels", labels, **bounds)

    def assignees(self, **bounds: Any) -> Connection:  # noqa: ANN401 - as in `Connection`
        people = [self.viewer.actor(login) for login in self.issue.assignees]
        return Connection("assignees", people, **bounds)

    def comments(self, **bounds: Any) -> Connection:  # noqa: ANN401 - as in `Connection`
        return Connection("comments", self.all_comments, **bounds)

    @property
    def all_comments(self) -> list[CommentView]:
        return [CommentView(self.viewer, comment, self.url) for comment in self.issue.comments]


class IssueView(Subject):
    typename = "Issue"

    @property
    def id(self) -> str:
        return self.issue.node_id

    @property
    def database_id(self) -> int:
        return self.issue.id

    @property
    def state(self) -> str:
        return self.issue.state.upper()

    @property
    def state_reason(self) -> str | None:
        reason = self.issue.state_reason
        return reason and reason.upper()


@dataclass(frozen=True, slots=True)
class PullView(Subject):
    pull: Pull
    typename = "PullRequest"

    @property
    def id(self) -> str:
        return self.pull.node_id

    @property
    def database_id(self) -> int:
        return self.pull.id

    @property
    def state(self) -> str:
        return "MERGED" if self.pull.merged else self.issue.state.upper()

    @property
    def is_draft(self) -> bool:
        return self.pull.draft

    @property
    def merged(self) -> bool:
        return self.pull.merged is not None

    @property
    def merged_at(self) -> datetime | None:
        return self.pull.merged

    @property
    def merged_by(self) -> Actor | None:
        return self.viewer.actor(self.pull.merged_by)

    @property
    def merge_commit(self) -> Commit | None:
        return Commit(self.pull.merge_commit) if self.pull.merge_commit else None

    @property
    def mergeable(self) -> str:
        known, _ = mergeable(self.home, self.issue)
        return "UNKNOWN" if known is None else "MERGEABLE" if known else "CONFLICTING"

    @property
    def base_ref_name(self) -> str:
        return self.pull.base

    @property
    def base_ref_oid(self) -> str:
        return self.pull.base_sha

    @property
    def base_ref(self) -> "_graphql_repository.Ref | None":
        return self.repository.ref(f"refs/heads/{self.pull.base}")

    @property
    def head_ref_name(self) -> str:
        return self.pull.head

    @property
    def head_ref_oid(self) -> str:
        return self.pull.head_sha

    @property
    def head_ref(self) -> "_graphql_repository.Ref | None":
        source = self.head_repository
        return source.ref(f"refs/heads/{self.pull.head}") if source else None

    @property
    def head_repository(self) -> "_graphql_repository.RepositoryView | None":
        found = self.viewer.state.repository(self.pull.head_repository or "")
        return _graphql_repository.RepositoryView(self.viewer, found) if found else None

    @property
    def head_repository_owner(self) -> Actor | None:
        source = self.head_repository
        return source.owner if source else None

    @property
    def is_cross_repository(self) -> bool:
        return self.pull.head_repository != self.home.full_name

    @property
    def maintainer_can_modify(self) -> bool:
        return self.pull.maintainer_can_modify

    def review_requests(self, **bounds: Any) -> Connection:  # noqa: ANN401 - as in `Connection`
        requests = [ReviewRequest(self.viewer.actor(login)) for login in self.pull.reviewers]
        return Connection("reviewRequests", requests, **bounds)
