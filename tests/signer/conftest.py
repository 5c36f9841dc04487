from pathlib import Path

import pytest
from tests.signer.helpers import Holder, Server, git


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
    for name in ("XDG_CONFIG_HOME", "PYKCS11LIB", "SOFTHSM2_CONF", "TUFLINE_NOW"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server(tmp_path: Path) -> Server:
    """Return a server whose path does not end in .git (NEEDS row P), with one commit on main."""
    path = tmp_path / "server"
    git(tmp_path, "init", "--quiet", "--bare", path)
    seed = tmp_path / "seed"
    git(tmp_path, "clone", "--quiet", path, seed)
    (seed / "README.md").write_text("a repository\n")
    git(seed, "add", "README.md")
    git(seed, "commit", "--quiet", "-m", "begin")
    git(seed, "push", "--quiet", "origin", "HEAD:refs/heads/main")
    return Server(path=path)


@pytest.fixture
def alice(server: Server) -> Holder:
    return server.holder("@alice")


@pytest.fixture
def bob(server: Server) -> Holder:
    return server.holder("@bob_acme")  # NEEDS row P: a managed user's name


@pytest.fixture
def started(server: Server, alice: Holder, bob: Holder) -> Server:
    """Return the server with a repository on main that alice and bob sign, two of two."""
    server.start(alice, alice, bob, threshold=2)
    for person in (alice, bob, alice):
        person.yes("sign", "sign/start")
    server.merge()
    return server
