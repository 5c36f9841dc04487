"""Roles that end soon: who is reminded, who is told, who is woken."""

from datetime import timedelta

import pytest
from tests.jobs.arranging import EVENT, changed_artifact, started
from tests.jobs.looking import run, status
from tests.support.memory_sink import MemorySink
from tests.support.pipeline import Pipeline
from tests.support.sample import EXPIRY_DAYS, SIGNING_DAYS

from tufline.repository.forge import Act, Ask, Task
from tufline.repository.jobs.watch import watch
from tufline.repository.notify import Kind, Severity

DAY = timedelta(days=1)
WARN, PAGE = SIGNING_DAYS // 4, SIGNING_DAYS // 10


@pytest.fixture(scope="module")
def _signed() -> Pipeline:
    return started(publish=True)


@pytest.fixture
def pipeline(_signed: Pipeline) -> Pipeline:
    return _signed.copy()


def before_the_end(pipeline: Pipeline, days: int) -> Pipeline:
    """Let time pass until the roles that people sign end in so many days."""
    pipeline.now += (EXPIRY_DAYS - days) * DAY
    pipeline.online_sign()
    return pipeline


def told(pipeline: Pipeline) -> list[tuple[str, Severity]]:
    sink = MemorySink()
    watch(pipeline.place, [sink], None, ahead=timedelta())
    return [
        (each.key, each.severity)
        for each in sink.told
        if each.kind is Kind.PROBLEM and each.key.startswith("roles-end")
    ]


def test_nobody_is_told_while_there_is_time(pipeline: Pipeline) -> None:
    assert told(before_the_end(pipeline, WARN + 1)) == []


def test_sinks_are_told_then_somebody_is_woken(pipeline: Pipeline) -> None:
    assert told(before_the_end(pipeline, WARN)) == [("roles-end-soon", Severity.WARNING)]
    assert told(pipeline) == []
    pipeline.now += (WARN - PAGE) * DAY
    pipeline.online_sign()

    # "npm" is delegated: nobody is woken for it, and what is left of the warning is news
    assert told(pipeline) == [
        ("roles-end-soon", Severity.WARNING),
        ("roles-end-now", Severity.CRITICAL),
    ]


def test_problem_names_the_roles_their_end_and_the_next_step(pipeline: Pipeline) -> None:
    before_the_end(pipeline, WARN)
    watch(pipeline.place, (), None, ahead=timedelta())

    title, *lines = pipeline.forge.problems()["roles-end-soon"].splitlines()
    assert title == "root, targets, npm must be signed before 2027-03-01 12:00 UTC"
    assert "root version 1 ends on 2027-03-01 12:00 UTC" in lines
    assert lines[-1].startswith("next: ask the signers of its event")


def test_problem_ends_once_the_roles_are_signed(pipeline: Pipeline) -> None:
    before_the_end(pipeline, WARN)
    watch(pipeline.place, (), None, ahead=timedelta())
    for role in ("root", "targets", "npm"):
        pipeline.main.edit(role, now=pipeline.now)
    pipeline.merge_by_force(pipeline.main)
    pipeline.online_sign()
    watch(pipeline.place, (), None, ahead=timedelta())

    assert "roles-end-soon" not in pipeline.forge.problems()


def test_signers_are_reminded_once_where_they_were_asked(pipeline: Pipeline) -> None:
    event = changed_artifact(pipeline.main)
    event.sign("targets", event.load("targets"), ["@alice"])
    pipeline.push(EVENT, event)
    run(pipeline)
    assert Ask(act=Act.SIGN, who="@bob", role="targets") in status(pipeline).asks

    pipeline.now += (EXPIRY_DAYS - SIGNING_DAYS // 2) * DAY
    watch(pipeline.place, (), None, ahead=timedelta())
    assert (Task.SIGNING_EVENT, EVENT) in pipeline.forge.requested
    run(pipeline)
    assert Ask(act=Act.SIGN_SOON, who="@bob", role="targets") in status(pipeline).asks
    assert "sign `targets` soon before 2027-03-01" in status(pipeline).text

    pipeline.forge.requested.clear()
    watch(pipeline.place, (), None, ahead=timedelta())
    assert pipeline.forge.requested == []
