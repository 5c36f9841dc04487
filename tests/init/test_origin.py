"""Which commit of the actions an installation goes with: what pip wrote down (PEP 610)."""

import json
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest
from tests.history.helpers import bare
from tests.support.sample import NOW

from tufline.repository.history import Author, Move, open_history
from tufline.repository.init import NoPin, Pin, installed_pin
from tufline.repository.project import HOME

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def installed(tmp_path: Path, origin: dict[str, Any] | None) -> Distribution:
    """Return a distribution that pip took from `origin`."""
    folder = tmp_path / "tufline_repository-0.1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: tufline-repository\n")
    if origin is not None:
        (folder / "direct_url.json").write_text(json.dumps(origin))
    return Distribution.at(folder)


@pytest.mark.parametrize(
    ("revision", "version"), [("v0.1.0", "v0.1.0"), ("main", None), (None, None)]
)
def test_commit_that_pip_fetched(tmp_path: Path, revision: str | None, version: str | None) -> None:
    info = {"vcs": "git", "commit_id": COMMIT} | (
        {"requested_revision": revision} if revision else {}
    )
    origin = {
        "url": "https://git.example.org/our/fork.git",
        "vcs_info": info,
        "subdirectory": "repository",
    }

    found = installed_pin(installed(tmp_path, origin))

    assert found == Pin(repository="our/fork", commit=COMMIT, version=version)


def test_commit_that_is_checked_out_where_pip_took_it(tmp_path: Path) -> None:
    git_dir = bare(tmp_path / "a checkout.git")
    with open_history(git_dir) as history:
        somebody = Author(name="Somebody", email="somebody@example.org")
        commit = history.write(
            tree=None, changes={"a": b""}, parents=[], message="a", author=somebody, when=NOW
        )
        history.move([Move(branch="main", old=None, new=commit)])

    found = installed_pin(installed(tmp_path, {"url": git_dir.as_uri(), "dir_info": {}}))

    assert found == Pin(repository=HOME, commit=commit)


@pytest.mark.parametrize(
    ("url", "commit"),
    [("file:///home/somebody/a/checkout", COMMIT), ("https://git.example.org/our/fork", "f" * 64)],
)
def test_what_no_workflow_can_name_pins_nothing(tmp_path: Path, url: str, commit: str) -> None:
    origin = {"url": url, "vcs_info": {"vcs": "git", "commit_id": commit}}

    with pytest.raises(NoPin):
        installed_pin(installed(tmp_path, origin))


def test_folder_without_git_pins_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    origin = {"url": (tmp_path / "folder").as_uri(), "dir_info": {}}

    with pytest.raises(NoPin):
        installed_pin(installed(tmp_path, origin))


def test_repository_without_a_commit_pins_nothing(tmp_path: Path) -> None:
    origin = {"url": bare(tmp_path / "empty.git").as_uri(), "dir_info": {}}

    with pytest.raises(NoPin):
        installed_pin(installed(tmp_path, origin))


@pytest.mark.parametrize("origin", [None, {"url": "https://example.org/a.whl", "archive_info": {}}])
def test_package_from_a_registry_pins_nothing(
    tmp_path: Path, origin: dict[str, Any] | None
) -> None:
    with pytest.raises(NoPin) as error:
        installed_pin(installed(tmp_path, origin))

    assert error.value.hint
    assert "--actions tufline/tufline@COMMIT" in error.value.hint
