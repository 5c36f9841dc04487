"""The client test by itself: it says yes to what is signed, and no to everything else."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.publish.scenarios import LAYOUT, ODD_ROLE, delegate, published_files
from tests.support.published import NOW, Published
from tests.support.web import served
from tuf.api.metadata import Metadata

from tufline.repository.publish import DirectoryStore, Layout, deploy
from tufline.repository.publish.compliance import (
    Accepted,
    Client,
    Rejected,
    Versions,
    listed_artifacts,
    mapping_remote,
    run_client,
    web_remote,
)

ARTIFACTS = ("file.txt", f"{ODD_ROLE}/file.txt")


@pytest.fixture
def files() -> dict[str, bytes]:
    repository = Published()
    delegate(repository)
    return published_files(repository.state())


def test_signed_repository_is_accepted(files: dict[str, bytes]) -> None:
    outcome = run_client(
        mapping_remote(files, LAYOUT), files[LAYOUT.root(1)], now=NOW, artifacts=ARTIFACTS
    )

    assert outcome == Accepted(versions=Versions(root=1, timestamp=2, snapshot=2, targets=3))


def test_artifact_that_no_role_lists_is_a_rejection(files: dict[str, bytes]) -> None:
    remote = mapping_remote(files, LAYOUT)

    outcome = run_client(remote, files[LAYOUT.root(1)], now=NOW, artifacts=["other.txt"])

    assert isinstance(outcome, Rejected)
    assert outcome.reason == "no role lists other.txt"


def test_time_is_the_callers(files: dict[str, bytes]) -> None:
    remote = mapping_remote(files, LAYOUT)

    outcome = run_client(remote, files[LAYOUT.root(1)], now=NOW + timedelta(days=31))

    assert isinstance(outcome, Rejected)
    assert "expired" in outcome.reason


def test_changed_artifact_is_rejected(files: dict[str, bytes]) -> None:
    name = next(name for name in files if name.endswith(".file.txt"))
    files[name] = files[name][:-1] + b"!"

    outcome = run_client(
        mapping_remote(files, LAYOUT), files[LAYOUT.root(1)], now=NOW, artifacts=ARTIFACTS
    )

    assert isinstance(outcome, Rejected)
    assert "hash" in outcome.reason


def forged(data: bytes, change: Callable[[Any], None]) -> bytes:
    metadata: Metadata[Any] = Metadata.from_bytes(data)
    change(metadata.signed)
    return metadata.to_bytes()


def later(signed: Any) -> None:  # noqa: ANN401 - any kind of metadata
    signed.expires += timedelta(days=1)


def next_version(signed: Any) -> None:  # noqa: ANN401 - any kind of metadata
    signed.version += 1


@pytest.mark.parametrize(
    ("name", "as_name", "change"),
    [
        ("metadata/1.root.json", "metadata/2.root.json", next_version),
        ("metadata/timestamp.json", "metadata/timestamp.json", next_version),
        ("metadata/2.snapshot.json", "metadata/2.snapshot.json", later),
        ("metadata/3.targets.json", "metadata/3.targets.json", later),
        (f"metadata/3.{ODD_ROLE}.json", f"metadata/3.{ODD_ROLE}.json", later),
    ],
)
def test_what_no_threshold_signed_is_never_accepted(
    files: dict[str, bytes],
    tmp_path: Path,
    name: str,
    as_name: str,
    change: Callable[[Any], None],
) -> None:
    root, remote = files[LAYOUT.root(1)], mapping_remote(files, LAYOUT)
    client = Client(tmp_path, root)
    client.refresh(remote, now=NOW)
    trusted = client.versions
    files[as_name] = forged(files[name], change)

    assert isinstance(run_client(remote, root, now=NOW, artifacts=ARTIFACTS), Rejected)
    client.refresh(remote, now=NOW)
    assert client.versions == trusted


@pytest.mark.parametrize("metadata_dir", [".", "metadata"])
def test_names_are_found_over_http(tmp_path: Path, metadata_dir: str) -> None:
    repository = Published()
    delegate(repository)
    layout = Layout(metadata_dir=metadata_dir)
    store = DirectoryStore(tmp_path)
    deploy(store, None, repository.state(), layout=layout)

    with served(tmp_path) as url:
        remote = web_remote(url, layout)
        outcome = run_client(remote, store.get(layout.root(1)), now=NOW, artifacts=ARTIFACTS)

    assert isinstance(outcome, Accepted), outcome


def test_sample_is_spread_over_what_is_listed() -> None:
    repository = Published()
    for number in range(9):
        repository.put(f"{number}.txt", b"x")
    state = repository.state()

    assert len(listed_artifacts(state)) == 10
    assert listed_artifacts(state, limit=2) == ("0.txt", "5.txt")
    assert listed_artifacts(state, limit=99) == listed_artifacts(state)
