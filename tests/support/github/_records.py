"""What a repository on the emulated GitHub holds: plain records.

As on GitHub a pull request is an issue with something more: `Issue.pull`. Objects of git are not
kept here; they are in the bare repository `Repository.git_dir`, pushed to by real git.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal


class Role(StrEnum):
    """What a user may do in a repository."""

    NONE = "none"
    READ = "read"
    TRIAGE = "triage"
    WRITE = "write"
    MAINTAIN = "maintain"
    ADMIN = "admin"

    def reaches(self, other: "Role | str") -> bool:
        order = list(Role)
        return order.index(self) >= order.index(Role(other))


@dataclass(kw_only=True, slots=True)
class Label:
    id: int
    name: str
    color: str = "ededed"
    description: str | None = None

    @property
    def node_id(self) -> str:
        return f"LA_{self.id}"


@dataclass(kw_only=True, slots=True)
class Comment:
    id: int
    author: str
    body: str
    created: datetime
    updated: datetime
    editor: str | None = None

    @property
    def node_id(self) -> str:
        return f"IC_{self.id}"


@dataclass(kw_only=True, slots=True)
class Pull:
    """What a pull request has that an issue has not.

    `head_repository` is None once it is deleted.
    """

    id: int
    head_repository: str | None
    head: str
    head_sha: str
    base: str
    base_sha: str
    draft: bool = False
    merged: datetime | None = None
    merged_by: str | None = None
    merge_commit: str | None = None
    reviewers: list[str] = field(default_factory=list)
    maintainer_can_modify: bool = True

    @property
    def node_id(self) -> str:
        return f"PR_{self.id}"


@dataclass(kw_only=True, slots=True)
class Issue:
    id: int
    number: int
    author: str
    title: str
    body: str | None
    created: datetime
    updated: datetime
    state: Literal["open", "closed"] = "open"
    state_reason: str | None = None
    closed: datetime | None = None
    closed_by: str | None = None
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    pull: Pull | None = None

    @property
    def node_id(self) -> str:
        return self.pull.node_id if self.pull else f"I_{self.id}"


@dataclass(kw_only=True, slots=True)
class Status:
    id: int
    sha: str
    context: str
    state: str
    description: str | None
    target_url: str | None
    creator: str
    created: datetime


@dataclass(kw_only=True, slots=True)
class Protection:
    """A branch's protection. `pushers` None lets everybody with write access push.

    `checks` are contexts of commit statuses that the pushed or merged head must have as "success";
    with `reviews` (the number of approvals, may be 0) changes must come by pull request, those of
    files that somebody owns with a review of theirs if `code_owners`.
    """

    checks: tuple[str, ...] = ()
    strict: bool = False
    reviews: int | None = None
    code_owners: bool = False
    pushers: tuple[str, ...] | None = None
    enforce_admins: bool = False
    allow_force_pushes: bool = False
    allow_deletions: bool = False


@dataclass(kw_only=True, slots=True)
class Ruleset:
    """`include` and `exclude` are patterns of refs, `~DEFAULT_BRANCH` or `~ALL`.

    `rules` and `bypass` are as in the API.
    """

    id: int
    name: str
    enforcement: Literal["active", "disabled", "evaluate"] = "active"
    target: Literal["branch", "tag"] = "branch"
    include: tuple[str, ...] = ("~DEFAULT_BRANCH",)
    exclude: tuple[str, ...] = ()
    rules: tuple[Mapping[str, Any], ...] = ()
    bypass: tuple[Mapping[str, Any], ...] = ()


@dataclass(kw_only=True, slots=True)
class Environment:
    """`branches` are the patterns that may deploy; None lets every branch deploy.

    With `protected` these are the branches that are protected, and none are listed.
    """

    id: int
    name: str
    branches: tuple[str, ...] | None = None
    protected: bool = False
    reviewers: tuple[str, ...] = ()


@dataclass(kw_only=True, slots=True)
class Run:
    """A run of the workflow file `workflow` (`.github/workflows/NAME.yml`).

    `head_repository` is the fork whose pull request it ran for, None where there was none.
    """

    id: int
    number: int
    workflow: str
    event: str
    branch: str
    sha: str
    status: str
    conclusion: str | None
    actor: str
    created: datetime
    head_repository: str | None = None


@dataclass(kw_only=True, slots=True)
class Pages:
    """`source` is "workflow" or "legacy"; `folder` holds the files that are served."""

    folder: Path
    source: Literal["workflow", "legacy"] = "workflow"
    branch: str = "main"
    https: bool = True


@dataclass(kw_only=True, slots=True)
class Repository:
    id: int
    owner: str
    name: str
    git_dir: Path
    private: bool = False
    default_branch: str = "main"
    parent: str | None = None
    collaborators: dict[str, Role] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    statuses: list[Status] = field(default_factory=list)
    protections: dict[str, Protection] = field(default_factory=dict)
    rulesets: dict[int, Ruleset] = field(default_factory=dict)
    environments: dict[str, Environment] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    pages: Pages | None = None
    disabled_workflows: set[str] = field(default_factory=set)
    default_workflow_permissions: Literal["read", "write"] = "read"
    can_approve_pull_request_reviews: bool = False
    allow_merge_commit: bool = True
    delete_branch_on_merge: bool = False
    created: datetime = datetime(2024, 1, 1, tzinfo=UTC)

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def node_id(self) -> str:
        return f"R_{self.id}"

    def role(self, login: str) -> Role:
        """Return what the user may do here."""
        if login == self.owner:
            return Role.ADMIN
        return self.collaborators.get(login, Role.NONE if self.private else Role.READ)

    def open_pulls(self) -> list[tuple[Issue, Pull]]:
        """Return the open pull requests, oldest first."""
        return [(i, i.pull) for i in self.issues.values() if i.pull and i.state == "open"]
