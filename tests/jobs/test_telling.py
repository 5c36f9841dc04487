"""Who is told by a sink: of whom an event waits for, and of jobs that fail or work again."""

import pytest
from tests.jobs.arranging import EVENT
from tests.support.memory_sink import MemorySink
from tests.support.pipeline import Pipeline

from tufline.repository.jobs.signing_event import signing_event
from tufline.repository.notify import Kind, NotSent


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture
def pipeline(sink: MemorySink) -> Pipeline:
    found = Pipeline(sinks=(sink,))
    event = found.main.copy()
    event.files["targets/file.txt"] = b"two\n"
    found.push(EVENT, event)
    return found


def test_sink_is_told_once_whom_an_event_waits_for(pipeline: Pipeline, sink: MemorySink) -> None:
    for _ in range(2):
        signing_event(pipeline.place, EVENT)

    (notice,) = sink.told
    assert (notice.kind, notice.key) == (Kind.ASKED, EVENT)
    assert notice.title.startswith(f"{EVENT}: waiting for @")


def test_sink_that_fails_does_not_keep_the_event_from_being_shown(
    pipeline: Pipeline, sink: MemorySink
) -> None:
    sink.error = NotSent("memory", "gone")

    outcome = signing_event(pipeline.place, EVENT)

    assert [str(each) for each in outcome.untold] == ["memory: gone"]
    assert EVENT in pipeline.forge.statuses()


def test_sink_is_told_when_a_job_fails_and_when_it_works_again(sink: MemorySink) -> None:
    pipeline = Pipeline(sinks=(sink,))
    missing = pipeline.stores.pop("production")
    for _ in range(2):
        pipeline.tick()
    pipeline.stores["production"] = missing
    for _ in range(2):
        pipeline.tick()

    told = [(each.kind, each.key, each.title) for each in sink.told]
    assert told == [
        (Kind.PROBLEM, "publish", "publish failed"),
        (Kind.MENDED, "publish", "publish works again"),
    ]


def test_sink_that_fails_is_a_problem_of_the_step_and_stops_no_other(sink: MemorySink) -> None:
    pipeline = Pipeline(sinks=(sink,))
    del pipeline.stores["production"]
    sink.error = NotSent("memory", "gone")

    steps = {step.job: step.problem for step in pipeline.tick()}

    assert str(steps["publish"]).endswith("; memory: gone")
    assert steps["create-signing-events"] is None
    assert "memory" not in pipeline.forge.problems()["publish"]
