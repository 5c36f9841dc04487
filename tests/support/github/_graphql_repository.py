"""A repository as GraphQL shows it: its refs, and its issues and pull requests, filtered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.github import _graphql_subjects, _objects
from tests.support.github._graphql_commits import CommitView
from tests.support.github._graphql_connection import Connection
from tests.support.github._graphql_parts import Commit, LabelView
from tests.support.github._graphql_people import Actor, Viewer
from tests.support.github._graphql_schema import Refusal
from tests.support.github._state import Issue, Repository

Order = Mapping[str, str]

_KEYS: Mapping[str, Callable[[Issue], tuple[Any, ...]]] = {
    "CREATED_AT": lambda issue: (issue.created, issue.number),
    "UPDATED_AT": lambda issue: (issue.updated, issue.number),
    "COMMENTS": lambda issue: (len(issue.comments), issue.number),
}


@dataclass(frozen=True, slots=True)
class Ref:
    repository: "RepositoryView"
    qualified: str
    target: Commit
    typename = "Ref"

    @property
    def id(self) -> str:
        return f"REF_{self.qualified}"

    @property
    def prefix(self) -> str:
        return "/".join(self.qualified.split("/")[:2]) + "/"

    @property
    def name(self) -> str:
        return self.qualified.removeprefix(self.prefix)

    def associated_pull_requests(self, **wanted: Any) -> Connection:  # noqa: ANN401 - as in `Connection`
        """Return this repository's pull requests whose head this is."""
        return self.repository.pull_requests(head_ref_name=self.name, from_forks=False, **wanted)


@dataclass(frozen=True, slots=True)
class RepositoryView:
    viewer: Viewer
    repository: Repository
    typename = "Repository"

    @property
    def id(self) -> str:
        return self.repository.node_id

    @property
    def database_id(self) -> int:
        return self.repository.id

    @property
    def name(self) -> str:
        return self.repository.name

    @property
    def name_with_owner(self) -> str:
        return self.repository.full_name

    @property
    def owner(self) -> Actor | None:
        return self.viewer.actor(self.repository.owner)

    @property
    def url(self) -> str:
        return f"{self.viewer.state.url}/{self.repository.full_name}"

    @property
    def is_private(self) -> bool:
        return self.repository.private

    @property
    def is_fork(self) -> bool:
        return self.repository.parent is not None

    @property
    def parent(self) -> "RepositoryView | None":
        found = self.viewer.state.repository(self.repository.parent or "")
        return RepositoryView(self.viewer, found) if found else None

    @property
    def viewer_permission(self) -> str | None:
        token = self.viewer.token
        if token.kind != "personal":
            raise NotImplementedError("emulator does not know viewerPermission of an app")
        return self.repository.role(token.login).upper()

    @property
    def default_branch_ref(self) -> Ref | None:
        return self.ref(f"refs/heads/{self.repository.default_branch}")

    def ref(self, qualified_name: str) -> Ref | None:
        self.viewer.demand(self.repository, "contents", "read")
        oid = _objects.sha_of(self.repository.git_dir, qualified_name)
        return Ref(self, qualified_name, Commit(oid)) if oid else None

    def object(self, oid: str) -> CommitView | None:
        """Return the commit; the emulator knows no other objects by their ids."""
        self.viewer.demand(self.repository, "contents", "read")
        found = _objects.sha_of(self.repository.git_dir, oid) == oid
        return CommitView(oid, self.viewer, self.repository) if found else None

    def label(self, name: str) -> LabelView | None:
        found = self.repository.labels.get(name)
        return LabelView(found) if found else None

    def labels(self, *, order_by: Order | None = None, **bounds: Any) -> Connection:  # noqa: ANN401 - as in `Connection`
        """Return the labels in the schema's default order, by when they were made."""
        if order_by and order_by != {"field": "CREATED_AT", "direction": "ASC"}:
            raise NotImplementedError("emulator does not know another order of labels")
        labels = [LabelView(label) for label in self.repository.labels.values()]
        return Connection("labels", labels, **bounds)

    def issue(self, number: int) -> "_graphql_subjects.IssueView":
        found = self.repository.issues.get(number)
        if found is None or found.pull:
            raise _missing("an Issue", number)
        return self._issue(found)

    def pull_request(self, number: int) -> "_graphql_subjects.PullView":
        found = self.repository.issues.get(number)
        if found is None or found.pull is None:
            raise _missing("a PullRequest", number)
        return self._pull(found)

    def issues(
        self,
        *,
        states: Sequence[str] | None = None,
        labels: Sequence[str] | None = None,
        filter_by: Mapping[str, Any] | None = None,
        order_by: Order | None = None,
        **bounds: Any,  # noqa: ANN401 - as in `Connection`
    ) -> Connection:
        asked = {name: value for name, value in (filter_by or {}).items() if value}
        wanted = states or asked.pop("states", None)
        named = labels or asked.pop("labels", None)
        if asked:
            raise NotImplementedError(f"emulator does not know IssueFilters.{min(asked)}")
        found = _filtered(self.repository.issues.values(), named, order_by)
        views = [self._issue(issue) for issue in found if not issue.pull]
        return Connection("issues", [v for v in views if not wanted or v.state in wanted], **bounds)

    def pull_requests(
        self,
        *,
        states: Sequence[str] | None = None,
        labels: Sequence[str] | None = None,
        head_ref_name: str | None = None,
        from_forks: bool = True,
        base_ref_name: str | None = None,
        order_by: Order | None = None,
        **bounds: Any,  # noqa: ANN401 - as in `Connection`
    ) -> Connection:
        found = _filtered(self.repository.issues.values(), labels, order_by)
        views = [self._pull(issue) for issue in found if issue.pull]
        wanted = [
            view
            for view in views
            if (not states or view.state in states)
            and head_ref_name in {None, view.head_ref_name}
            and base_ref_name in {None, view.base_ref_name}
            and (from_forks or not view.is_cross_repository)
        ]
        return Connection("pullRequests", wanted, **bounds)

    def _issue(self, issue: Issue) -> "_graphql_subjects.IssueView":
        self.viewer.demand(self.repository, "issues", "read")
        return _graphql_subjects.IssueView(self.viewer, self.repository, issue)

    def _pull(self, issue: Issue) -> "_graphql_subjects.PullView":
        self.viewer.demand(self.repository, "pull_requests", "read")
        assert issue.pull
        return _graphql_subjects.PullView(self.viewer, self.repository, issue, issue.pull)


def _filtered(
    issues: Iterable[Issue], labels: Sequence[str] | None, order: Order | None
) -> list[Issue]:
    if labels and len(labels) > 1:
        raise NotImplementedError("emulator does not know what several labels mean together")
    found = [issue for issue in issues if not labels or labels[0] in issue.labels]
    wanted = order or {"field": "CREATED_AT", "direction": "ASC"}
    key = _KEYS[wanted["field"]]
    return sorted(found, key=key, reverse=wanted["direction"] == "DESC")


def _missing(kind: str, number: int) -> Refusal:
    return Refusal("NOT_FOUND", f"Could not resolve to {kind} with the number of {number}.")
