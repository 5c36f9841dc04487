"""Where queries and mutations begin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.support.github import _pulls
from tests.support.github._graphql_people import Actor, Oneself, Viewer
from tests.support.github._graphql_repository import RepositoryView
from tests.support.github._graphql_schema import Refusal, Typed
from tests.support.github._graphql_subjects import PullView
from tests.support.github._state import Role

Input = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Query:
    asking: Viewer

    @property
    def viewer(self) -> Oneself:
        return self.asking.oneself

    def repository(self, owner: str, name: str, *, follow_renames: bool = True) -> RepositoryView:
        """Return the repository; no repository of the emulator was ever renamed."""
        _ = follow_renames
        found = self.asking.state.repository(f"{owner}/{name}")
        if found is None or not self.asking.sees(found):
            message = f"Could not resolve to a Repository with the name '{owner}/{name}'."
            raise Refusal("NOT_FOUND", message)
        return RepositoryView(self.asking, found)

    def node(self, id: str) -> Typed:  # noqa: A002 - the schema's name
        return node(self.asking, id)

    def nodes(self, ids: Sequence[str]) -> list[Typed]:
        return [node(self.asking, each) for each in ids]


@dataclass(frozen=True, kw_only=True, slots=True)
class Payload:
    client_mutation_id: str | None
    pull_request: PullView
    actor: Actor | None


@dataclass(frozen=True, slots=True)
class Mutation:
    asking: Viewer

    def convert_pull_request_to_draft(self, input: Input) -> Payload:  # noqa: A002 - the schema's name
        return self._set_draft(input, draft=True)

    def mark_pull_request_ready_for_review(self, input: Input) -> Payload:  # noqa: A002 - as above
        return self._set_draft(input, draft=False)

    def close_pull_request(self, input: Input) -> Payload:  # noqa: A002 - as above
        view = self._pull(input, "pull_requests")
        if view.closed:
            raise Refusal("UNPROCESSABLE", "Could not close the pull request.")
        _pulls.close(self.asking.state, view.issue, self.asking.token.login)
        return self._payload(input, view)

    def reopen_pull_request(self, input: Input) -> Payload:  # noqa: A002 - as above
        view = self._pull(input, "pull_requests")
        if not view.closed or view.merged or view.head_ref is None:
            raise Refusal("UNPROCESSABLE", "Could not open the pull request.")
        issue = view.issue
        issue.state, issue.closed, issue.closed_by = "open", None, None
        issue.updated = self.asking.state.now()
        _pulls.announce(self.asking.state, view.home, issue, "reopened", self._actor)
        return self._payload(input, view)

    def enable_pull_request_auto_merge(self, input: Input) -> Payload:  # noqa: A002 - as above
        """Refuse, as GitHub does where the repository's settings do not allow it."""
        self._pull(input, "pull_requests")
        message = "Auto merge is not allowed for this repository"
        raise Refusal("UNPROCESSABLE", message)

    def _set_draft(self, input: Input, *, draft: bool) -> Payload:  # noqa: A002 - as above
        # Tokens of apps need both: github.com/cli/cli/issues/8910.
        view = self._pull(input, "pull_requests", "contents")
        if view.closed:
            raise Refusal("UNPROCESSABLE", "The pull request is closed.")
        if view.pull.draft != draft:
            view.pull.draft = draft
            action = "converted_to_draft" if draft else "ready_for_review"
            _pulls.announce(self.asking.state, view.home, view.issue, action, self._actor)
        return self._payload(input, view)

    def _pull(self, input: Input, *permissions: str) -> PullView:  # noqa: A002 - as above
        """Return the pull request, which its author may change, and whoever may write."""
        view = node(self.asking, input["pullRequestId"])
        if not isinstance(view, PullView):
            raise _unresolved(input["pullRequestId"])
        role = Role.READ if view.viewer_did_author else Role.WRITE
        for permission in permissions:
            self.asking.demand(view.home, permission, "write", role=role)
        return view

    def _payload(self, input: Input, view: PullView) -> Payload:  # noqa: A002 - as above
        return Payload(
            client_mutation_id=input.get("clientMutationId"),
            pull_request=view,
            actor=self.asking.actor(self.asking.token.login),
        )

    @property
    def _actor(self) -> _pulls.Actor:
        return _pulls.Actor(self.asking.token.login, self.asking.token.kind)


def node(viewer: Viewer, node_id: str) -> Typed:
    """Return what the id names; raise `Refusal` if nothing that the viewer may see has it."""
    for record in viewer.state.repositories.values():
        if viewer.sees(record):
            home = RepositoryView(viewer, record)
            found = home if record.node_id == node_id else _inside(home, node_id)
            if found is not None:
                return found
    raise _unresolved(node_id)


def _inside(home: RepositoryView, node_id: str) -> Typed | None:
    for issue in home.repository.issues.values():
        if node_id in {issue.node_id, *(comment.node_id for comment in issue.comments)}:
            found = home.pull_request(issue.number) if issue.pull else home.issue(issue.number)
            return next((c for c in found.all_comments if c.id == node_id), found)
    return None


def _unresolved(node_id: str) -> Refusal:
    return Refusal("NOT_FOUND", f"Could not resolve to a node with the global id of '{node_id}'.")
