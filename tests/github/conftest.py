"""A hub with one repository, and the real PyGithub to talk to it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from github.Repository import Repository as ApiRepository
from tests.github.asking import Ask, client
from tests.github.cloning import Clone, World, git_world
from tests.support.github import Hub, Repository, serve


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with serve(tmp_path / "hub") as hub:
        yield hub


@pytest.fixture
def tuf(hub: Hub) -> Repository:
    """octo/tuf: main, and the branch sign/a that is one commit ahead; nothing has happened yet."""
    repository = hub.add_repository("octo/tuf", collaborators={"alice": "write", "bob": "read"})
    hub.push("octo/tuf", "main", {"README.md": "sample\n"}, login="octo")
    hub.push("octo/tuf", "sign/a", {"metadata/root.json": "{}\n"}, login="octo", start="main")
    hub.events.clear()
    return repository


@pytest.fixture
def ask(hub: Hub, tuf: Repository) -> Iterator[Ask]:
    with ExitStack() as clients:

        def as_user(login: str = "alice", **limits: Any) -> ApiRepository:  # noqa: ANN401 - as given
            api = clients.enter_context(client(hub, hub.token(login, **limits)))
            return api.get_repo(tuf.full_name)

        yield as_user


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with git_world(tmp_path) as world:
        yield world


@pytest.fixture
def writer(world: World, tmp_path: Path) -> Clone:
    return Clone(world, tmp_path / "writer", "writer")
