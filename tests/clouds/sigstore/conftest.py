from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clouds.sigstore.stage import Stage
from tests.support.sigstore import python_sigstore
from tests.support.sigstore._delivery import delivery


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Return a Sigstore of our own, which any machine can run."""
    folder = tmp_path / "work"
    folder.mkdir()
    with (
        python_sigstore(tmp_path / "sigstore") as sigstore,
        delivery(tmp_path / "web", sigstore.instance) as repository,
    ):
        yield Stage(folder=folder, sigstore=sigstore, repository=repository)
