"""What the emulated GitHub knows, changed only while `State.lock` is held.

What a repository holds is in `_records`. Permission names are those of the REST API
(`pull_requests`), whatever spelling the test used.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any, Literal

from tests.support.github._records import (
    Comment,
    Environment,
    Issue,
    Label,
    Pages,
    Protection,
    Pull,
    Repository,
    Role,
    Ruleset,
    Run,
    Status,
)

__all__ = [
    "BOT",
    "App",
    "Comment",
    "Environment",
    "Issue",
    "Label",
    "Pages",
    "Protection",
    "Pull",
    "Repository",
    "Request",
    "Role",
    "Ruleset",
    "Run",
    "State",
    "Status",
    "Token",
    "TokenKind",
    "User",
    "WorkflowEvent",
]

BOT = "github-actions[bot]"
TokenKind = Literal["personal", "actions", "app"]


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
