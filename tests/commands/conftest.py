from collections.abc import Iterator
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner
from tests.commands.running import Terminal
from tests.history.helpers import bare
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import ONLINE, Sample, signer_for

from tufline.repository.history import open_history


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder of our own, with the online key where its URI says."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.chdir(home)
    online = signer_for(ONLINE)
    assert isinstance(online, CryptoSigner)
    Path("online").write_bytes(online.private_bytes)


@pytest.fixture
def server(tmp_path: Path) -> Path:
    return bare(tmp_path / "server.git")


@pytest.fixture
def main(tmp_path: Path) -> Sample:
    """Return what main holds; it publishes to folders of this machine."""
    sample = first_main()
    folders = {name: tmp_path / name for name in ("staging", "production")}
    for folder in folders.values():
        folder.mkdir()
    lines = [f'{name} = "{folder}"' for name, folder in folders.items()]
    sample.files["tufline.toml"] = "\n".join(["[publish]", *lines]).encode()
    return sample


@pytest.fixture
def pipeline(server: Path, main: Sample) -> Iterator[Pipeline]:
    """Return a pipeline whose history is a bare git repository."""
    with open_history(server) as history:
        yield Pipeline(main=main, history=history)


@pytest.fixture
def tufline(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


@pytest.fixture
def started(pipeline: Pipeline, tufline: Terminal, server: Path) -> Pipeline:
    """Return the pipeline after the first online signing."""
    ran = tufline.at_now("ci", "online-sign", "-C", server, "--confirm-root", pipeline.confirmed)
    assert ran.code == 0
    return pipeline
