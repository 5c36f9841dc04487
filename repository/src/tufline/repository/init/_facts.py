"""How a repository is set up on GitHub, as far as somebody could read it.

Whatever the token may not read is `Unknown`, which is never counted as good.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Unknown:
    """What the token may not read; `needs` is the permission that it lacks."""

    needs: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Protection:
    """One set of rules for a branch: its classic protection, or a ruleset.

    Attributes:
        name: for people.
        pull_request: whether changes must come by pull request.
        approvals: how many people must approve these.
        code_owners: whether those of files that somebody owns need a review by them.
        checks: the statuses that must be good.
        keeps_history, keeps_branch: whether force pushes and deletion are forbidden.
        pushers: who alone may push, as people see them; None: whoever may write.
        bypass: whom the rules do not bind, as people see them.
    """

    name: str
    pull_request: bool = False
    approvals: int = 0
    code_owners: bool = False
    checks: frozenset[str] = frozenset()
    keeps_history: bool = False
    keeps_branch: bool = False
    pushers: tuple[str, ...] | None = None
    bypass: tuple[str, ...] | Unknown = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """What protects a branch; `unread` is what else may, but could not be read."""

    protections: tuple[Protection, ...] = ()
    unread: Unknown | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pages:
    """Where the repository is published by default."""

    by_workflow: bool
    https: bool


class Deployers(StrEnum):
    """Which branches may deploy to an environment."""

    ALL = "every branch"
    PROTECTED = "every protected branch"
    LISTED = "listed branches"


@dataclass(frozen=True, kw_only=True, slots=True)
class Environment:
    """Who may deploy; `branches` are the patterns if they are listed."""

    deployers: Deployers
    branches: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkflowToken:
    """What a workflow's own token may.

    Attributes:
        writes: whether it may write if the workflow file asks for nothing.
        opens_pull_requests: whether it may open pull requests, and approve them: GitHub has one
            setting for both.
    """

    writes: bool
    opens_pull_requests: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RepositoryFacts:
    """How a repository is set up. None: there is no such thing.

    Attributes:
        name: "owner/name".
        url: where people see it.
        merge_commits: whether pull requests may be merged by a merge commit.
        deletes_merged: whether a branch is deleted once its pull request is merged.
        environment: that of Pages, `github-pages`.
        secrets: the names of the repository's secrets.
        workflows: our workflow files on main, by path.
    """

    name: str
    url: str
    default_branch: str
    merge_commits: bool | Unknown
    deletes_merged: bool | Unknown
    main: Branch | Unknown | None
    publish: Branch | Unknown | None
    pages: Pages | Unknown | None
    environment: Environment | Unknown | None
    workflow_token: WorkflowToken | Unknown
    secrets: tuple[str, ...] | Unknown
    workflows: Mapping[str, bytes] | Unknown
