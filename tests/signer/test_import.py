"""Issue 5, "Moving in": a repository of other tools goes on under Tufline, and so do its clients."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from securesystemslib.signer import Key
from tests.signer.helpers import NOW, Holder, Server, git, write_key
from tests.support.foreign import Foreign
from tests.support.web import served
from tuf.api.metadata import Metadata, Root, Targets
from tuf.ngclient import Updater

from tufline.repository.review import Ready, Review, Waiting

EVENT = "sign/import"
LATER = NOW + timedelta(hours=1)
LAYOUT = '[publish]\nmetadata-dir = "."\nproduction = "{site}"\n'


@dataclass(frozen=True, kw_only=True)
class Move:
    """Old files, and the server that they move to."""

    server: Server
    old: Foreign
    folder: Path
    alice: Holder
    bob: Holder
    online: Path

    def answers(self) -> Path:
        """Write who holds the keys, as people would."""
        file = self.folder / "answers.toml"
        file.write_text(
            answers_text(self.old, alice="@alice", bob="@bob_acme", online=f"file2:{self.online}")
        )
        return file

    def answer(self, source: Path | str) -> None:
        self.alice.yes("import", source, "--answers", self.answers())

    def sign(self) -> None:
        for person in (self.alice, self.bob):
            person.yes("sign", EVENT)

    def review(self) -> Review:
        return self.server.review(EVENT)

    def settle(self, site: Path) -> None:
        """Let main say where to publish: into the folder where the old repository is."""
        self.server.commit("main", "tufline.toml", LAYOUT.format(site=site))

    def publish(self) -> None:
        """Merge, sign online, and publish."""
        self.server.merge(EVENT)
        digest = hashlib.sha256(self.old.roots[0]).hexdigest()
        operator = Holder(name="@operator", clone=self.server.path)
        for job in (("ci", "online-sign", "--confirm-root", digest), ("ci", "publish")):
            done = operator.run(*job, at=LATER)
            assert done.code == 0, done.err + done.out


def answers_text(old: Foreign, *, roles: tuple[str, ...] = (), **holders: str) -> str:
    lines = []
    for name, holder in holders.items():
        kind = "owner" if holder.startswith("@") else "online"
        lines.append(f'[keys."{old.key(name).keyid}"]\n{kind} = "{holder}"')
    top = ("root", "targets", "snapshot", "timestamp")
    delegated = tuple(role for role in old.roles if role not in top)
    for role in (*top, *delegated, *roles):
        lines.append(f'[roles."{role}"]\nexpiry-period = 100\nsigning-period = 20')
    return "\n".join(lines)


@pytest.fixture
def move(tmp_path: Path, server: Server, alice: Holder, bob: Holder) -> Move:
    online = tmp_path / "online.pem"
    write_key(online)
    keys = {"alice": alice.key_file, "bob": bob.key_file, "online": online}
    old = Foreign(keys)
    old.rotate(("alice", "bob"))
    old.put("file.txt", b"one\n")
    old.delegate("npm", signer="bob", paths=["npm/*", "npm/deep/*"])
    old.put("npm/a.txt", b"of npm\n", role="npm", hashes=["sha512"])
    old.delegate("deep", by="npm", signer="alice", paths=["npm/deep/*"])
    old.put("npm/deep/b.txt", b"of deep\n", role="deep")
    old.sign_online()
    return Move(server=server, old=old, folder=tmp_path, alice=alice, bob=bob, online=online)


@dataclass(frozen=True, kw_only=True)
class Client:
    """A client that keeps what it has seen."""

    home: Path

    def update(self, url: str, root: bytes | None = None) -> dict[str, int]:
        updater = Updater(
            str(self.home), url, str(self.home / "got"), f"{url}targets/", bootstrap=root
        )
        (self.home / "got").mkdir(parents=True, exist_ok=True)
        updater.refresh()
        for artifact in ("file.txt", "npm/a.txt", "npm/deep/b.txt"):
            found = updater.get_targetinfo(artifact)
            assert found is not None, artifact
            updater.download_target(found)
        names = ("root", "timestamp", "snapshot", "targets", "npm", "deep")
        files = {name: (self.home / f"{name}.json").read_bytes() for name in names}
        return {name: Metadata.from_bytes(data).signed.version for name, data in files.items()}


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let python-tuf's client live at the time of the tests."""
    init = Updater.__init__

    def at_that_time(self: Updater, *args: object, **kwargs: object) -> None:
        init(self, *args, **kwargs)  # type: ignore[arg-type] # as they are given
        self._trusted_set.reference_time = LATER

    monkeypatch.setattr(Updater, "__init__", at_that_time)


def test_clients_of_the_old_repository_go_on_with_the_new_one(move: Move) -> None:
    site = move.old.publish(move.folder / "site")
    followers = [Client(home=move.folder / f"client{n}") for n in (1, 2)]
    with served(site) as url:
        for client, root in zip(followers, move.old.roots, strict=True):
            assert client.update(url, root)["targets"] == 3

    move.settle(site)
    move.answer(site)
    waiting = move.review().verdict
    assert isinstance(waiting, Waiting)
    assert waiting.missing == {"@alice", "@bob_acme"}
    move.sign()
    assert isinstance(move.review().verdict, Ready)
    move.publish()

    versions = {"root": 3, "timestamp": 2, "snapshot": 2, "targets": 4, "npm": 4, "deep": 3}
    with served(site) as url:
        for client in followers:
            assert client.update(url) == versions
        for number, root in enumerate(move.old.roots):
            assert Client(home=move.folder / f"new{number}").update(url, root) == versions
