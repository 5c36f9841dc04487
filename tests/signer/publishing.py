"""Repositories published for the tests of `tufline.signer.wire`: a folder behind a real server."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.signer.helpers import NOW, Server
from tests.support.published import Published
from tests.support.web import served

from tufline.repository.commands import main
from tufline.repository.publish import DirectoryStore, Layout, deploy
from tufline.repository.review import LocalKeys
from tufline.repository.state import State
from tufline.signer.wire import Address, Consultation, Pin, PinFolder, WireClient, consult


@dataclass(frozen=True, kw_only=True)
class Site:
    """What clients get: a folder, and the URL it is served at."""

    folder: Path
    url: str

    def put(self, repository: Published, layout: Layout | None = None) -> None:
        """Publish a repository as it is now, in place of whatever was there."""
        for file in sorted(self.folder.rglob("*"), reverse=True):
            file.rmdir() if file.is_dir() else file.unlink()
        deploy(DirectoryStore(self.folder), None, repository.state(), layout=layout or Layout())

    def publish(self, server: Server, *, at: datetime = NOW) -> None:
        """Sign main online and publish it, by the commands that CI runs."""
        digest = hashlib.sha256(server.read("metadata/root_history/1.root.json", "main"))
        now = ("-C", str(server.path), "--now", at.isoformat())
        assert main(["ci", "online-sign", "--confirm-root", digest.hexdigest(), *now]) == 0
        assert main(["ci", "publish", *now]) == 0

    @property
    def settings(self) -> str:
        """What tufline.toml says of it."""
        return f'[publish]\nurl = "{self.url}"\nproduction = "{self.folder}"\npage = false\n'


@contextmanager
def site_in(folder: Path) -> Iterator[Site]:
    folder.mkdir()
    with served(folder) as url:
        yield Site(folder=folder, url=url)


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A signer's machine: what it has pinned of one repository, and how it asks."""

    folder: PinFolder
    patience: float = 20.0

    def pin(self, root: bytes, version: int = 1) -> Pin:
        pin = Pin(version=version, root=root)
        self.folder.write(pin)
        return pin

    def asks(
        self, url: str, base: State, *, at: datetime = NOW, layout: Layout | None = None
    ) -> Consultation:
        """Compare `base`, which is main, with what is published."""
        pin = self.folder.read()
        assert pin is not None
        address = Address(url=url, layout=layout or Layout())
        client = WireClient(address=address, verifier=LocalKeys(), patience=self.patience)
        return consult(client, self.folder, pin, base, now=at)


def machine_in(folder: Path, *, patience: float = 20.0) -> Machine:
    pins = PinFolder(path=folder / "pins", repository="git@example.org:o/r")
    return Machine(folder=pins, patience=patience)


def first_of(repository: Published) -> bytes:
    """Return root 1."""
    return repository.files["metadata/root_history/1.root.json"]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
