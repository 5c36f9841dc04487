"""How the tests of the emulator ask by GraphQL, with the real PyGithub."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from github import Github, GithubException
from github.PullRequest import PullRequest
from tests.github.asking import client
from tests.support.github import Hub, Repository, serve

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """A hub with `o/r`, whose pull request 1 comes from the branch sign/a."""

    hub: Hub

    @property
    def repository(self) -> Repository:
        return self.hub.repositories["o/r"]

    def personal(self, login: str = "writer") -> Github:
        return client(self.hub, self.hub.token(login))

    def actions(self, **permissions: str) -> Github:
        token = self.hub.token("ci", kind="actions", repository="o/r", permissions=permissions)
        return client(self.hub, token)

    def pull(self, api: Github) -> PullRequest:
        return api.get_repo("o/r").get_pull(1)

    def push(self, branch: str, to: str = "o/r") -> None:
        """Let a branch of the repository begin with a commit of its own on main."""
        owner = to.partition("/")[0]
        self.hub.push(to, branch, {branch: "content"}, login=owner, start="main")


@contextmanager
def graphql_world(folder: Path) -> Iterator[World]:
    """Serve the world's hub."""
    with serve(folder, now=lambda: NOW) as hub:
        hub.add_repository("o/r", collaborators={"writer": "write", "reviewer": "write"})
        world = World(hub=hub)
        world.push("main")
        world.push("sign/a")
        repository = world.personal().get_repo("o/r")
        repository.create_pull(base="main", head="sign/a", title="Change", body="")
        yield world


def ask(api: Github, query: str, **variables: object) -> dict[str, Any]:
    """Return the data that answers the query."""
    data: dict[str, Any] = api.requester.graphql_query(query, variables)[1]["data"]
    return data


def in_repository(fields: str) -> str:
    return f'{{ repository(owner: "o", name: "r") {{ {fields} }} }}'


def in_pull(fields: str) -> str:
    return in_repository(f"pullRequest(number: 1) {{ {fields} }}")


def errors(api: Github, query: str, **variables: object) -> list[dict[str, Any]]:
    with pytest.raises(GithubException) as caught:
        ask(api, query, **variables)
    found: list[dict[str, Any]] = caught.value.data["errors"]
    return found


def error_type(api: Github, query: str, **variables: object) -> tuple[str, str]:
    """Return the type and the message of the one error."""
    [error] = errors(api, query, **variables)
    return error["type"], error["message"]
