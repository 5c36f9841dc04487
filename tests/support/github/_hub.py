"""The emulated GitHub as a test holds it: set up, looked into, and told to fail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.support.github import _objects, _pulls
from tests.support.github._faults import FaultPlan
from tests.support.github._state import (
    BOT,
    App,
    Environment,
    Pages,
    Repository,
    Role,
    Run,
    State,
    Token,
    TokenKind,
    User,
)

_PREFIXES: Mapping[TokenKind, str] = {"personal": "ghp", "actions": "ghs", "app": "ghs"}


@dataclass(kw_only=True, slots=True, repr=False)
class Hub(State):
    """The server's state and what a test does with it. `serve` makes one."""

    faults: FaultPlan = field(default_factory=FaultPlan)

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v3"

    @property
    def graphql_url(self) -> str:
        return f"{self.url}/api/graphql"

    def add_user(self, login: str, *, type: Literal["User", "Bot"] = "User") -> User:  # noqa: A002 - GitHub's word
        """Return the user, who is added where unknown."""
        if login not in self.users:
            self.users[login] = User(id=self.next_id(), login=login, type=type)
        return self.users[login]

    def add_repository(
        self,
        full_name: str,
        *,
        collaborators: Mapping[str, str] | None = None,
        private: bool = False,
    ) -> Repository:
        """Add an empty repository; `collaborators` are roles by login."""
        owner, name = full_name.split("/")
        for login in (owner, *(collaborators or {})):
            self.add_user(login)
        repository = Repository(
            id=self.next_id(),
            owner=owner,
            name=name,
            git_dir=self.folder / "git" / owner / f"{name}.git",
            private=private,
            collaborators={login: Role(role) for login, role in (collaborators or {}).items()},
        )
        _objects.create(repository.git_dir, repository.default_branch)
        self.repositories[full_name] = repository
        return repository

    def fork(self, full_name: str, login: str) -> Repository:
        """Copy the repository with its branches into the user's account."""
        parent = self.repositories[full_name]
        forked = self.add_repository(f"{login}/{parent.name}", private=parent.private)
        forked.parent = parent.full_name
        _objects.copy_branches(parent.git_dir, forked.git_dir)
        return forked

    def push(
        self,
        full_name: str,
        branch: str,
        files: Mapping[str, str | None],
        *,
        login: str,
        start: str | None = None,
    ) -> str:
        """Do what the user's push of one commit does, and return the commit.

        `files` are texts by path, None for one that goes. A new branch begins at `start`.
        """
        repository = self.repositories[full_name]
        with self.lock:
            old = _objects.branch_sha(repository.git_dir, branch)
            parent = old or (start and _objects.branch_sha(repository.git_dir, start))
            new = _objects.write(
                repository.git_dir, branch, files, start=parent, login=login, when=self.now()
            )
            self.pushed(repository, login, "personal", {branch: (old, new)})
        return new

    def token(
        self,
        login: str,
        *,
        repository: str | None = None,
        permissions: Mapping[str, str] | None = None,
        kind: TokenKind = "personal",
    ) -> str:
        """Return a new token. One of kind "actions" or "app" is limited to one repository.

        `permissions` are as in a workflow ("pull-requests") or in the API ("pull_requests").
        Without them a personal token may what its user may, another only read metadata.
        """
        limited = permissions if permissions is not None or kind == "personal" else {}
        value = f"{_PREFIXES[kind]}_{self.next_id():032d}"
        self.tokens[value] = Token(
            value=value,
            login=BOT if kind == "actions" else login,
            kind=kind,
            repository=repository,
            permissions=None if limited is None else _api_names(limited),
        )
        self.add_user(self.tokens[value].login, type="User" if kind == "personal" else "Bot")
        return value

    def add_app(
        self, repository: str, *, permissions: Mapping[str, str], slug: str = "signing-events"
    ) -> App:
        """Add a GitHub App with a new key, installed in the repository."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        app = App(
            id=self.next_id(),
            installation=self.next_id(),
            slug=slug,
            repository=repository,
            permissions=_api_names(permissions),
            private_key_pem=_private(key),
            public_key_pem=_public(key),
        )
        self.apps[app.id] = app
        self.add_user(app.login, type="Bot")
        return app

    def add_run(
        self,
        full_name: str,
        workflow: str,
        *,
        event: str = "push",
        branch: str = "main",
        status: str = "completed",
        conclusion: str | None = "success",
        sha: str | None = None,
    ) -> Run:
        """Add a run of `.github/workflows/WORKFLOW`, now."""
        repository = self.repositories[full_name]
        run = Run(
            id=self.next_id(),
            number=sum(each.workflow == workflow for each in repository.runs) + 1,
            workflow=workflow,
            event=event,
            branch=branch,
            sha=sha or _objects.branch_sha(repository.git_dir, branch) or _pulls.ZERO,
            status=status,
            conclusion=conclusion,
            actor=BOT,
            created=self.now(),
        )
        repository.runs.append(run)
        return run

    def add_environment(
        self, full_name: str, name: str, *, branches: tuple[str, ...] | None = None
    ) -> Environment:
        """Add an environment that only the branches (patterns; None: all) may deploy to."""
        environment = Environment(id=self.next_id(), name=name, branches=branches)
        self.repositories[full_name].environments[name] = environment
        return environment

    def set_pages(self, full_name: str, folder: Path) -> str:
        """Serve the folder as the repository's pages; return their URL."""
        self.repositories[full_name].pages = Pages(folder=folder)
        return f"{self.url}/pages/{full_name}/"

    def schedule(self, full_name: str, *, cron: str) -> None:
        """Queue the event by which GitHub starts scheduled workflows, on the default branch."""
        repository = self.repositories[full_name]
        with self.lock:
            _pulls.trigger(
                self,
                repository,
                "schedule",
                ref=f"refs/heads/{repository.default_branch}",
                sha=_objects.branch_sha(repository.git_dir, repository.default_branch) or "",
                actor=_pulls.Actor(repository.owner, "personal"),
                payload={"schedule": cron},
            )

    def pushed(
        self,
        repository: Repository,
        login: str,
        kind: TokenKind,
        branches: Mapping[str, tuple[str | None, str | None]],
    ) -> None:
        """Let pull requests and workflows follow branches that went from one commit to another.

        A commit is None (or all zeros, as git says it) where there was or is no branch.
        """
        actor = _pulls.Actor(login, kind)
        with self.lock:
            for branch, (old, new) in branches.items():
                _pulls.follow(self, repository, branch, _commit(old), _commit(new), actor)


def _commit(sha: str | None) -> str | None:
    return None if sha == _pulls.ZERO else sha


def _api_names(permissions: Mapping[str, str]) -> Mapping[str, str]:
    return {name.replace("-", "_"): level for name, level in permissions.items()}


def _private(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


def _public(key: rsa.RSAPrivateKey) -> str:
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )
