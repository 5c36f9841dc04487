"""How the tests of the emulator ask it: as somebody, by the real PyGithub."""

from typing import Protocol

import pytest
from github import Auth, Github, GithubException
from github.PullRequest import PullRequest
from github.Repository import Repository as ApiRepository
from tests.support.github import Hub


class Ask(Protocol):
    """Return octo/tuf as a user finds it; `limits` are what `Hub.token` takes."""

    def __call__(self, login: str = "alice", **limits: object) -> ApiRepository: ...


def client(hub: Hub, token: str) -> Github:
    """Return a client that neither retries nor waits between requests."""
    return Github(
        base_url=hub.api_url,
        auth=Auth.Token(token),
        retry=None,
        seconds_between_requests=0,
        seconds_between_writes=0,
    )


def open_pull(
    repository: ApiRepository,
    head: str = "sign/a",
    *,
    base: str = "main",
    draft: bool = False,
) -> PullRequest:
    """Open a pull request."""
    return repository.create_pull(base=base, head=head, title="Sign a", body="please", draft=draft)


def refusal(error: pytest.ExceptionInfo[GithubException]) -> tuple[int, str]:
    """Return the status, and all that GitHub said."""
    data = error.value.data
    assert isinstance(data, dict)
    return error.value.status, " ".join([data["message"], *map(_said, data.get("errors", ()))])


def _said(entry: dict[str, str]) -> str:
    return entry.get("message") or f"{entry['field']} {entry['code']}"
