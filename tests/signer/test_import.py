"""Issue 5, "Moving in": a repository of other tools goes on here, and so do its clients."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.signer.helpers import Holder, Server, git
from tests.signer.moving import EVENT, LATER, Move, make_move
from tests.support.web import served
from tuf.api.metadata import Metadata, Root
from tuf.ngclient import Updater

from tufline.repository.format import content_keyid
from tufline.repository.history import open_history
from tufline.repository.publish import Layout, transition, with_bytes
from tufline.repository.publish.compliance import check_prefixes
from tufline.repository.review import Ready, Waiting
from tufline.repository.state import State

ARTIFACTS = ("file.txt", "npm/a.txt", "npm/deep/b.txt")


@pytest.fixture
def move(tmp_path: Path, server: Server, alice: Holder, bob: Holder) -> Move:
    return make_move(tmp_path, server, alice, bob)


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
        for artifact in ARTIFACTS:
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


def test_clients_follow_at_every_step_of_the_first_publication(move: Move) -> None:
    site = move.old.publish(move.folder / "site")
    before = {str(file.relative_to(site)): file.read_bytes() for file in files_of(site)}
    move.settle(site)
    move.answer(site)
    move.sign()
    move.publish()

    layout = Layout(metadata_dir=".")
    with open_history(move.server.path) as history:
        after = State(history.files(history.resolve("publish")))
        uploads = transition(None, after, layout=layout, deployed_root=2)
        found = check_prefixes(
            before, with_bytes(after, uploads), layout=layout, now=LATER, artifacts=ARTIFACTS
        )

    assert found == ()


def test_new_ids_follow_from_the_keys_and_old_ids_sign_once_more(move: Move) -> None:
    move.answer(move.old.publish(move.folder / "site"))
    move.sign()

    root = Metadata[Root].from_bytes(move.server.read("metadata/root.json", EVENT))
    assert all(content_keyid(key) == keyid for keyid, key in root.signed.keys.items())
    old = {move.old.key(name).keyid for name in ("alice", "bob")}
    assert old <= root.signatures.keys()
    assert not old & root.signed.keys.keys()
    Metadata[Root].from_bytes(move.old.roots[-1]).verify_delegate("root", root)
    targets = Metadata.from_bytes(move.server.read("metadata/targets.json", EVENT))
    Metadata[Root].from_bytes(move.old.roots[-1]).verify_delegate("targets", targets)


def test_ids_that_no_content_gives_go_on_too(
    tmp_path: Path, server: Server, alice: Holder, bob: Holder
) -> None:
    keyids = {"alice": "a" * 64, "bob": "old-id-of-bob", "online": "b" * 64}
    move = make_move(tmp_path, server, alice, bob, keyids=keyids)
    site = move.old.publish(tmp_path / "site")
    client = Client(home=tmp_path / "client")
    with served(site) as url:
        client.update(url, move.old.roots[0])

    move.settle(site)
    move.answer(site)
    move.sign()
    move.publish()

    with served(site) as url:
        assert client.update(url)["root"] == 3


def test_only_the_old_threshold_makes_it_ready(move: Move) -> None:
    move.answer(move.old.publish(move.folder / "site"))
    move.alice.yes("sign", EVENT)

    verdict = move.review().verdict
    assert isinstance(verdict, Waiting)
    assert verdict.missing == {"@bob_acme"}


def test_a_new_root_that_the_old_keys_did_not_sign_is_not_ready(move: Move) -> None:
    """Signatures under the new ids alone: clients that hold the old root would stop."""
    move.answer(move.old.publish(move.folder / "site"))
    move.sign()
    root = Metadata[Root].from_bytes(move.server.read("metadata/root.json", EVENT))
    for name in ("alice", "bob"):
        del root.signatures[move.old.key(name).keyid]
    clone = move.alice.clone
    git(clone, "fetch", "--quiet")
    git(clone, "checkout", "--quiet", "--detach", f"origin/{EVENT}")
    for path in ("metadata/root.json", "metadata/root_history/3.root.json"):
        (clone / path).write_bytes(root.to_bytes())
    git(clone, "commit", "--quiet", "--all", "-m", "drop")
    git(clone, "push", "--quiet", "origin", f"HEAD:{EVENT}")

    verdict = move.review().verdict
    assert isinstance(verdict, Waiting)
    assert verdict.missing == {"@alice", "@bob_acme"}


def files_of(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]
