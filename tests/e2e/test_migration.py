"""docs/maintainer.md, from tuf-on-ci and back: typed as it stands, with a repository of its form.

Jobs are run as workflows run them, by the command alone. tuf-on-ci itself is not run: what it needs
in order to go on is looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from github import Auth, Github
from securesystemslib.signer import CryptoSigner
from tests.e2e.manuals import manual
from tests.init.theirs import theirs
from tests.support.github import Hub, serve
from tests.support.newcomer import Newcomer, newcomer
from tests.support.sample import NOW, ONLINE, Sample, signer_for
from tuf.api.metadata import Metadata

NAME: Final = "alice/tuf"
_LATER: Final = NOW + timedelta(days=6)  # when the timestamp must be renewed
_JOB: Final = 'export TUFLINE_FORGE=github GITHUB_REPOSITORY="$REPO"; tufline ci online-sign'
_BUILD: Final = 'tufline ci build --remote origin --judge --output "$HOME/site"'


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """GitHub, whoever reads the manual, and the blocks that are still to be typed."""

    hub: Hub
    alice: Newcomer
    blocks: Iterator[str]

    def next(self, first: str = "") -> str:
        return self.alice.type(first + next(self.blocks))

    def merge(self, branch: str) -> str:
        """Open and merge a pull request with the buttons; return the merge commit."""
        token = Auth.Token(self.alice.variables["GITHUB_TOKEN"])
        with Github(base_url=self.hub.api_url, auth=token) as api:
            pull = api.get_repo(NAME).create_pull("main", branch, title=branch)
            return pull.merge(merge_method="merge").sha

    def read(self, branch: str, path: str) -> bytes:
        """Return a file as GitHub has it."""
        text = self.alice.type(f"git fetch --quiet origin\ngit show origin/{branch}:{path}")
        return text.encode()

    def version(self, branch: str, role: str) -> int:
        data = self.read(branch, f"metadata/{role}.json")
        return int(Metadata.from_bytes(data).signed.version)


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    with serve(tmp_path / "hub", now=lambda: _LATER) as hub:
        hub.add_repository(NAME)
        variables = {
            "REPO": NAME,
            "ME": "@alice",
            "TUFLINE_NOW": _LATER.isoformat(),
            "CRYPTO_SIGNER_PATH_PREFIX": str(tmp_path / "alice"),
        }
        alice = newcomer(tmp_path, "alice", hub, **variables)
        online = signer_for(ONLINE)
        assert isinstance(online, CryptoSigner)
        (alice.home / "online").write_bytes(online.private_bytes)
        push_theirs(alice)
        blocks = (each.text for each in manual("maintainer.md").tried())
        yield Trial(hub=hub, alice=alice, blocks=blocks)


def push_theirs(alice: Newcomer) -> None:
    """Push what tuf-on-ci leaves: online metadata on main, and publish at the same commit."""
    sample = Sample()
    sample.sign_online()
    alice.type(f'git clone --quiet "https://github.com/{NAME}" tuf 2>&1\ncd tuf')
    for path, data in {**sample.files, **theirs()}.items():
        (alice.place / path).parent.mkdir(parents=True, exist_ok=True)
        (alice.place / path).write_bytes(data)
    alice.type('git add .\ngit commit --quiet --message "As tuf-on-ci has it"')
    alice.type("git push --quiet origin HEAD:main HEAD:publish\ngit fetch --quiet origin")


def migrate(trial: Trial) -> str:
    """Do what the manual says as far as the first online signing; return the merge commit."""
    assert "REFUSED" not in trial.next()
    assert "no place in the new files" in trial.next()
    trial.alice.type("git rm --quiet .github/workflows/test.yml")
    trial.next()
    merged = trial.merge("tufline")
    trial.alice.type(_JOB)
    return merged


def test_repository_of_tuf_on_ci_goes_on_without_a_new_signature(trial: Trial) -> None:
    root = trial.read("main", "metadata/root.json")

    migrate(trial)

    assert trial.version("publish", "timestamp") == 2
    assert trial.version("main", "timestamp") == 1
    assert trial.read("publish", "metadata/root.json") == root
    for file in ("online-sign.yml", "publish.yml", "signing-event.yml", "check.yml"):
        assert b"tufline/tufline/actions/" in trial.read("publish", f".github/workflows/{file}")
    assert b'metadata-dir = "."' in trial.read("publish", "tufline.toml")
    trial.alice.type(_BUILD)
    assert (trial.alice.home / "site/timestamp.json").exists()


def test_and_back_with_nothing_older_than_what_clients_have(trial: Trial) -> None:
    merged = migrate(trial)
    trial.alice.type(_BUILD)

    trial.next(f"MIGRATION={merged}\n")
    trial.merge("back")

    assert next(trial.blocks, None) is None
    for path, data in theirs().items():
        assert trial.read("main", path) == data
    assert "tufline.toml" not in trial.alice.type("git ls-tree --name-only origin/main")
    for role in ("snapshot", "timestamp"):
        path = f"metadata/{role}.json"
        assert trial.read("main", path) == trial.read("publish", path)
    # tuf-on-ci moves publish to main, without force.
    trial.alice.type("git push --quiet origin origin/main:publish")
