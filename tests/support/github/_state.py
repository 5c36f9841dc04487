"""What the emulated GitHub knows: plain records, changed only while `State.lock` is held.

As on GitHub a pull request is an issue with something more: `Issue.pull`. Objects of git are not
kept here; they are in the bare repository `Repository.git_dir`, pushed to by real git. Permission
names are those of the REST API (`pull_requests`), whatever spelling the test used.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from threading import RLock
from typing import Any, Literal

BOT = "github-actions[bot]"
TokenKind = Literal["personal", "actions", "app"]


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
class User:
    id: int
    login: str
    type: Literal["User", "Bot", "Organization"] = "User"

    @property
    def node_id(self) -> str:
        return f"U_{self.id}"


@dataclass(kw_only=True, slots=True)
class Token:
    """`repository` and `permissions` limit what `login` may do; None does not."""

    value: str
    login: str
    kind: TokenKind
    repository: str | None = None
    permissions: Mapping[str, str] | None = None
    expires: datetime | None = None


@dataclass(kw_only=True, slots=True)
class App:
    """A GitHub App that is installed in one repository."""

    id: int
    installation: int
    slug: str
    repository: str
    permissions: Mapping[str, str]
    private_key_pem: str
    public_key_pem: str

    @property
    def login(self) -> str:
        return f"{self.slug}[bot]"


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
    with `reviews` (the number of approvals, may be 0) changes must come by pull request.
    """

    checks: tuple[str, ...] = ()
    strict: bool = False
    reviews: int | None = None
    pushers: tuple[str, ...] | None = None
    enforce_admins: bool = False
    allow_force_pushes: bool = False
    allow_deletions: bool = False


@dataclass(kw_only=True, slots=True)
class Ruleset:
    """`include` and `exclude` are patterns of refs, `~DEFAULT_BRANCH` or `~ALL`.

    `rules` are as in the API.
    """

    id: int
    name: str
    enforcement: Literal["active", "disabled", "evaluate"] = "active"
    target: Literal["branch", "tag"] = "branch"
    include: tuple[str, ...] = ("~DEFAULT_BRANCH",)
    exclude: tuple[str, ...] = ()
    rules: tuple[Mapping[str, Any], ...] = ()


@dataclass(kw_only=True, slots=True)
class Environment:
    """`branches` are the patterns that may deploy; None lets every branch deploy."""

    id: int
    name: str
    branches: tuple[str, ...] | None = None
    reviewers: tuple[str, ...] = ()


@dataclass(kw_only=True, slots=True)
class Run:
    """A run of the workflow file `workflow` (`.github/workflows/NAME.yml`)."""

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


@dataclass(kw_only=True, slots=True)
class Pages:
    """`source` is "workflow" or "legacy"; `folder` holds the files that are served."""

    folder: Path
    source: Literal["workflow", "legacy"] = "workflow"
    branch: str = "main"


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


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkflowEvent:
    """What GitHub would start workflows for; `name` and `payload` as a workflow sees them."""

    name: str
    repository: str
    ref: str
    sha: str
    actor: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One request that was answered. `status` is 0 where the connection was closed instead."""

    method: str
    path: str
    status: int
    mutating: bool


@dataclass(kw_only=True, slots=True)
class State:
    """Everything the emulator knows. `url` is set before the first request."""

    folder: Path
    now: Callable[[], datetime]
    url: str = ""
    lock: RLock = field(default_factory=RLock)
    users: dict[str, User] = field(default_factory=dict)
    repositories: dict[str, Repository] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    apps: dict[int, App] = field(default_factory=dict)
    events: list[WorkflowEvent] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    last_id: int = 1000

    def next_id(self) -> int:
        """Return an id that nothing else has."""
        self.last_id += 1
        return self.last_id

    def repository(self, full_name: str) -> Repository | None:
        """Return the repository; names are compared without case, as on GitHub."""
        wanted = full_name.casefold()
        found = (r for name, r in self.repositories.items() if name.casefold() == wanted)
        return next(found, None)

    def may(
        self,
        token: Token,
        repository: Repository,
        permission: str,
        level: str,
        *,
        role: Role | None = None,
    ) -> bool:
        """Return whether the token has the permission ("contents", "pull_requests", ...) there.

        `level` is "read" or "write"; what administers a repository is `administration`. The user
        of a personal token needs `role`, by default the one that goes with the permission.
        """
        if token.repository not in {None, repository.full_name}:
            return not repository.private and level == "read" and permission in _PUBLIC
        if token.permissions is not None and not _grants(token.permissions, permission, level):
            return False
        needed = role or _role(permission, level)
        return token.kind != "personal" or repository.role(token.login).reaches(needed)


_PUBLIC = frozenset({"metadata", "contents", "issues", "pull_requests", "statuses", "actions"})
_ADMINISTRATIVE = frozenset({"administration", "secrets", "environments"})


def _grants(permissions: Mapping[str, str], permission: str, level: str) -> bool:
    return permission == "metadata" or Role(permissions.get(permission, "none")).reaches(level)


def _role(permission: str, level: str) -> Role:
    if permission in _ADMINISTRATIVE:
        return Role.ADMIN
    if level == "read":
        return Role.READ
    return Role.TRIAGE if permission == "issues" else Role.WRITE
