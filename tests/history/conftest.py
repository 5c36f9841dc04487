from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.history.helpers import bare, clone
from tests.support.memory_history import MemoryHistory

from tufline.repository.history import GitHistory, History, open_history


@pytest.fixture(autouse=True)
def _identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give git a home of its own, where the user has a name."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[user]\n\tname = The User\n\temail = user@example.org\n[init]\n\tdefaultBranch = main\n"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


@pytest.fixture
def server(tmp_path: Path) -> Path:
    return bare(tmp_path / "server.git")


@pytest.fixture
def local(server: Path) -> Iterator[GitHistory]:
    with open_history(server) as history:
        yield history


@pytest.fixture
def workplace(server: Path, tmp_path: Path) -> Path:
    """Return a clone of the still empty server."""
    return clone(server, tmp_path / "clone")


@pytest.fixture
def remote(workplace: Path) -> Iterator[GitHistory]:
    with open_history(workplace, pull_remote="origin") as history:
        yield history


@pytest.fixture(params=["memory", "local", "remote"])
def history(request: pytest.FixtureRequest) -> History:
    """Return the fake, a bare repository, a clone with a remote: each must keep the contract."""
    if request.param == "memory":
        return MemoryHistory()
    found: History = request.getfixturevalue(request.param)
    return found
