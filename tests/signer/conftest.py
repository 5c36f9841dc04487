import shutil
from pathlib import Path

import pytest
from tests.signer.helpers import EVENT, Holder, Server, make_server, sign
from tests.signer.machine import Machine
from tests.support.tokens import LABEL, PIN, plug_in

from tufline.signer.keys import _modules as places


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(tmp_path / "home", monkeypatch)
    # a command that runs in this very process loads no PKCS#11 module: it would stay, for all tests
    monkeypatch.setattr(places, "FOLDERS", ())


def set_environment(home: Path, patch: pytest.MonkeyPatch) -> None:
    """Give git a home of its own, where the user has a name; let no token be plugged in."""
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[user]\n\tname = The User\n\temail = user@example.org\n[init]\n\tdefaultBranch = main\n"
    )
    patch.setenv("HOME", str(home))
    patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "PYKCS11LIB", "SOFTHSM2_CONF", "TUFLINE_NOW"):
        patch.delenv(name, raising=False)


@pytest.fixture
def server(tmp_path: Path) -> Server:
    """Return a server whose path does not end in .git (NEEDS row P), with one commit on main."""
    return make_server(tmp_path)


@pytest.fixture
def alice(server: Server) -> Holder:
    return server.holder("@alice")


@pytest.fixture
def bob(server: Server) -> Holder:
    return server.holder("@bob_acme")  # NEEDS row P: a managed user's name


@pytest.fixture(scope="session")
def ceremony(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a server, where alice and bob started a repository, and their keys."""
    folder = tmp_path_factory.mktemp("ceremony")
    with pytest.MonkeyPatch.context() as patch:
        set_environment(folder / "home", patch)
        server = make_server(folder)
        alice, bob = server.holder("@alice"), server.holder("@bob_acme")
        server.start(alice, alice, bob, threshold=2)
        for person in (alice, bob, alice):
            person.yes("sign", EVENT)
        server.merge()
    return folder


@pytest.fixture
def started(ceremony: Path, server: Server, alice: Holder, bob: Holder) -> Server:
    """Return the server with a repository on main that alice and bob sign, two of two."""
    shutil.rmtree(server.path)
    shutil.copytree(ceremony / "server", server.path)
    for person in (alice, bob):
        shutil.copy(ceremony / person.key_file.name, person.key_file)
    return server


@pytest.fixture
def pin_file(tmp_path: Path) -> Path:
    file = tmp_path / "pin"
    file.write_text(f"{PIN}\n")
    return file


@pytest.fixture
def dora(server: Server, tmp_path: Path) -> Holder:
    """Return a holder with a token."""
    return server.holder("@dora", token=plug_in(tmp_path / "token-of-dora"))


@pytest.fixture
def accepted(server: Server, alice: Holder, dora: Holder, tmp_path: Path) -> Server:
    """Return the server with an event where dora, who signs alone, accepted and still signs."""
    server.start(alice, dora)
    no_pin = tmp_path / "no-pin"
    no_pin.write_text("\n")
    outcome = sign(dora, "--pin-file", no_pin)
    assert f"accepted: @dora signs root, targets with slot 9c of {LABEL} (" in outcome.out
    assert outcome.err == (
        f"error: there is no PIN in file {no_pin}\nhint: its first line must be the PIN\n"
    )
    return server


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> tuple[Server, Holder, Holder]:
    """Return a server with two clones, to which no test pushes anything."""
    folder = tmp_path_factory.mktemp("people")
    with pytest.MonkeyPatch.context() as patch:
        set_environment(folder / "home", patch)
        server = make_server(folder)
        return server, server.holder("@alice"), server.holder("@bob_acme")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)
