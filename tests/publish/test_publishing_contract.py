"""What holds for deployments to any store, for a folder."""

from pathlib import Path

import pytest
from tests.support.stores.publishing import PublishingContract


class TestDirectory(PublishingContract):
    races = 5  # more of them in test_races

    @pytest.fixture
    def place(self, tmp_path: Path) -> str:
        return str(tmp_path)
