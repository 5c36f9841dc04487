"""Detached signatures in a real repository: pushed, linked, and offered from forks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.history.helpers import bare
from tests.jobs.arranging import EVENT, changed_artifact
from tests.support.detached import detached
from tests.support.pipeline import Pipeline
from tests.support.sample import Sample

from tufline.repository.forge import Contribution
from tufline.repository.history import Move, open_history
from tufline.repository.jobs.signing_event import signing_event
from tufline.repository.state import Entry, Kind


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[Pipeline]:
    """Return an event that nobody has signed yet."""
    with open_history(bare(tmp_path / "server.git")) as history:
        pipeline = Pipeline(history=history)
        event = changed_artifact(pipeline.main)
        event.sign("targets", event.load("targets"), [])
        pipeline.push(EVENT, event)
        yield pipeline


def offer(pipeline: Pipeline, person: str, number: int) -> None:
    """Offer one detached signature, as a fork's pull request of that file alone."""
    sample = Sample()
    sample.files = pipeline.files(pipeline.head(EVENT))
    files = sample.files | detached(sample, person)
    head = pipeline.commit("fork", files, onto=pipeline.head(EVENT))
    ref = f"refs/heads/offered-{number}"
    pipeline.history.move(
        [
            Move(branch="fork", old=head, new=None),
            Move(branch=f"offered-{number}", old=None, new=head),
        ]
    )
    offered = Contribution(number=number, ref=ref, head=head, who="somebody")
    pipeline.forge.offered.setdefault(EVENT, []).append(offered)


def test_files_of_two_forks_never_conflict(pipeline: Pipeline) -> None:
    offer(pipeline, "@bob", 7)
    offer(pipeline, "@carol", 8)

    outcome = signing_event(pipeline.place, EVENT)

    assert (outcome.status and outcome.status.verdict, pipeline.forge.declined) == ("ready", {})
    files = pipeline.files(pipeline.head(EVENT))
    assert not [path for path in files if ".signatures" in path]


def test_attack_link_at_the_place_of_a_signature_is_refused(pipeline: Pipeline) -> None:
    sample = Sample()
    sample.files = pipeline.files(pipeline.head(EVENT))
    ((path, data),) = detached(sample, "@bob").items()
    pipeline.commit(EVENT, sample.files | {"target": data})
    files = pipeline.history.files(pipeline.head(EVENT))
    found = files.find("target")
    before = pipeline.head(EVENT)
    linked = pipeline.history.write(
        tree=before,
        changes={"target": None, path: Entry(path, Kind.SYMLINK, found.id)},
        parents=[before],
        message="link",
        author=None,
        when=pipeline.now,
    )
    pipeline.history.move([Move(branch=EVENT, old=before, new=linked)])

    outcome = signing_event(pipeline.place, EVENT)

    assert outcome.status is not None
    assert outcome.status.verdict == "refused"
    assert pipeline.head(EVENT) == linked
