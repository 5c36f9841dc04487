"""Contributions to a real repository: refs that are no branches, and objects that are damaged."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.history.helpers import bare
from tests.jobs.arranging import EVENT, changed_artifact
from tests.support.pipeline import Pipeline
from tests.support.sample import Sample

from tufline.repository.forge import Contribution
from tufline.repository.history import Commit, Move, open_history
from tufline.repository.jobs.signing_event import signing_event


@pytest.fixture
def server(tmp_path: Path) -> Path:
    return bare(tmp_path / "server.git")


@pytest.fixture
def pipeline(server: Path) -> Iterator[Pipeline]:
    """Return an event that nobody has signed yet."""
    with open_history(server) as history:
        pipeline = Pipeline(history=history)
        event = changed_artifact(pipeline.main)
        event.sign("targets", event.load("targets"), [])
        pipeline.push(EVENT, event)
        yield pipeline


def git(server: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", server, *arguments], check=True, capture_output=True)
    return done.stdout.decode().strip()


def offer(pipeline: Pipeline, server: Path, person: str, number: int) -> Commit:
    """Offer a signature below `refs/pull`, where a forge keeps what forks offer."""
    sample = Sample()
    sample.files = pipeline.files(pipeline.head(EVENT))
    sample.sign("targets", sample.load("targets"), [person])
    head = pipeline.commit("fork", sample.files, onto=pipeline.head(EVENT))
    pipeline.history.move([Move(branch="fork", old=head, new=None)])
    ref = f"refs/pull/{number}/head"
    git(server, "update-ref", ref, head)
    offered = Contribution(number=number, ref=ref, head=head, who="somebody")
    pipeline.forge.offered.setdefault(EVENT, []).append(offered)
    return head


def test_signatures_of_two_forks_make_the_event_ready(pipeline: Pipeline, server: Path) -> None:
    heads = [offer(pipeline, server, "@bob", 7), offer(pipeline, server, "@carol", 8)]

    outcome = signing_event(pipeline.place, EVENT)

    assert (outcome.status and outcome.status.verdict, pipeline.forge.declined) == ("ready", {})
    contained = [pipeline.history.contains(pipeline.head(EVENT), head) for head in heads]
    assert contained == [True, True]


@pytest.mark.parametrize("place", ["^{tree}", ":metadata/targets.json"])
def test_attack_objects_that_are_missing_stop_no_other_contribution(
    pipeline: Pipeline, server: Path, place: str
) -> None:
    broken = offer(pipeline, server, "@bob", 7)
    offer(pipeline, server, "@carol", 8)
    lost = git(server, "rev-parse", f"{broken}{place}")
    (server / "objects" / lost[:2] / lost[2:]).unlink()

    with open_history(server) as history:  # which has read nothing yet
        pipeline.history = history
        signing_event(pipeline.place, EVENT)

    assert pipeline.forge.declined.keys() == {7}
    assert "it cannot be read: " in pipeline.forge.declined[7][1]
    with open_history(server) as history:
        pipeline.history = history
        assert b'"version": 2' in pipeline.files(pipeline.head(EVENT))["metadata/targets.json"]
        assert history.info(pipeline.head(EVENT)).message.startswith("Take signatures")
