"""Killed at any point, run again: every operation of every port, before and after its effect."""

from collections.abc import Callable, Iterator

import pytest
from tests.jobs.running import Job
from tests.jobs.scenarios import SCENARIOS
from tests.support.faults import FaultPlan, killed
from tests.support.memory_history import Killed, When
from tests.support.pipeline import Pipeline

from tufline.online_sign._keys import OnlineKeyFailed
from tufline.repository.errors import TuflineError
from tufline.repository.forge import ForgeFailed
from tufline.repository.history import RemoteUnreachable
from tufline.repository.publish import StoreFailed

pytestmark = pytest.mark.no_cover  # the same code over very many cases

_READS = {"resolve", "branches", "contains", "merge_bases", "files", "first_parents"}
_READS |= {"get", "statuses", "problems", "info", "fetch", "refresh", "contributions", "others"}
_READS |= {"read", "listing"}
_ERRORS = {
    "history": RemoteUnreachable("gone"),
    "forge": ForgeFailed("gone"),
    "keys": OnlineKeyFailed("file2:online", "gone"),
    "store": StoreFailed("some file", "gone"),
}


def failed(port: str) -> BaseException:
    """Return an error of the port, which a job may deal with."""
    return _ERRORS[port]


def positions(performed: list[str], *, reads: bool, each: bool) -> Iterator[tuple[int, When]]:
    """Yield where a fault makes a difference: a read has no effect that "after" could follow.

    Where not `each` operation counts, the last of each kind does: enough for errors, which jobs
    deal with by kind.
    """
    numbered = list(enumerate(performed, 1))
    last = {operation: nth for nth, operation in numbered}
    for nth, operation in numbered:
        if not each and nth != last[operation]:
            continue
        is_read = operation.partition(".")[2] in _READS
        if reads or not is_read:
            yield nth, When.BEFORE
        if not is_read:
            yield nth, When.AFTER


def run(job: Job, pipeline: Pipeline) -> None:
    try:
        job(pipeline)
    except (Killed, TuflineError):
        assert pipeline.plan.struck


@pytest.mark.parametrize("error", [killed, failed])
@pytest.mark.parametrize("name", SCENARIOS)
def test_disturbed_anywhere_and_run_again_ends_as_undisturbed(
    name: str, error: Callable[[str], BaseException]
) -> None:
    found, job = SCENARIOS[name]
    start = found()
    undisturbed = start.copy()
    job(undisturbed)
    expected = undisturbed.everything()
    assert expected != start.everything() or undisturbed.forge.requested

    # a tick is made of jobs whose reads are disturbed each in its own scenario
    reads = job is not Pipeline.tick
    for nth, when in positions(undisturbed.plan.performed, reads=reads, each=error is killed):
        pipeline = start.copy(FaultPlan(nth=nth, when=when, error=error))
        run(job, pipeline)
        assert pipeline.plan.struck
        job(pipeline)

        where = (nth, when, pipeline.plan.performed[nth - 1])
        assert pipeline.everything() == expected, where
        if job is not Pipeline.tick:  # which does itself what it asks for
            assert {*pipeline.forge.requested} >= {*undisturbed.forge.requested}, where


@pytest.mark.parametrize("name", SCENARIOS)
def test_nobody_is_told_anything_twice(name: str) -> None:
    found, job = SCENARIOS[name]
    pipeline = found()
    before = list(pipeline.forge.told)
    job(pipeline)
    told = pipeline.forge.told[len(before) :]

    assert len(told) == len(set(told))


@pytest.mark.parametrize("name", SCENARIOS)
def test_second_run_changes_nothing(name: str) -> None:
    found, job = SCENARIOS[name]
    pipeline = found()
    job(pipeline)
    after_one = pipeline.everything()

    job(pipeline)

    assert pipeline.everything() == after_one
