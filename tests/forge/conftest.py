"""An emulated GitHub with a branch for a signing event, as the forge's tests need it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.on_github import OnGitHub, on_github


@pytest.fixture
def github(tmp_path: Path) -> Iterator[OnGitHub]:
    with on_github(tmp_path / "github") as github:
        yield github
