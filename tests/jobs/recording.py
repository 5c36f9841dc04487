"""What the tests of records share: a forge that knows pull requests, and records that are read."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.support.memory_forge import MemoryForge
from tests.support.pipeline import Pipeline
from tests.support.sample import NOW

from tufline.repository.forge import ProposalFacts
from tufline.repository.history import Commit
from tufline.repository.jobs.record import RECORDS, record_path

FACTS = ProposalFacts(
    url="https://forge.example/pull/7",
    title="Change file.txt",
    text="because it is old",
    opened=datetime(2026, 2, 28, 8, tzinfo=UTC),
    merged=NOW,
    merged_by="maintainer",
)


NOTHING = ProposalFacts()


class Forge(MemoryForge):
    """Knows of some merges what a forge with pull requests knows."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, ProposalFacts] = {}

    def facts(self, merge: Commit) -> ProposalFacts:
        return self._perform("facts", lambda: self.known.get(merge, NOTHING))


def read(pipeline: Pipeline, commit: Commit) -> Any:  # noqa: ANN401 - JSON
    return json.loads(pipeline.files(pipeline.head(RECORDS))[record_path(commit)])
