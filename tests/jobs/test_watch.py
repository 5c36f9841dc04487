"""Watching: which problems there are, who is told, and when nobody is."""

from datetime import timedelta

import pytest
from tests.jobs.arranging import started
from tests.support.memory_sink import MemorySink
from tests.support.memory_store import MemoryStore
from tests.support.memory_workflows import MemoryWorkflows
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import NOW

from tufline.repository.forge import ForgeFailed, WorkflowRun
from tufline.repository.jobs.watch import DEPLOYED, EVERY, Watched, watch
from tufline.repository.notify import Kind, NotSent, Severity

HOUR = timedelta(hours=1)
URL = "https://forge.example/run/7"


def run(
    workflow: str, *, succeeded: bool | None = True, ago: timedelta = HOUR, trigger: str = "push"
) -> WorkflowRun:
    return WorkflowRun(
        workflow=workflow, succeeded=succeeded, when=NOW - ago, trigger=trigger, url=URL
    )


def healthy(*changed: WorkflowRun) -> MemoryWorkflows:
    """Return workflows that all ran an hour ago, but for some."""
    runs = {name: run(name) for name in (*EVERY, "signing-event", "check")}
    runs |= {each.workflow: each for each in changed}
    return MemoryWorkflows(runs=tuple(runs.values()))


def titles(watched: Watched) -> dict[str, str]:
    return {each.key: each.title for each in watched.problems}


def watch_workflows(pipeline: Pipeline, *changed: WorkflowRun, days: int = 0) -> Watched:
    return watch(pipeline.place, (), healthy(*changed), ahead=timedelta(days=days))


@pytest.fixture(scope="module")
def _deployed() -> Pipeline:
    return started(publish=True)


@pytest.fixture
def deployed(_deployed: Pipeline) -> Pipeline:
    return _deployed.copy()


# workflows


def test_where_all_is_well_nothing_happens(deployed: Pipeline) -> None:
    before = deployed.everything()

    assert watch_workflows(deployed, days=5) == Watched(problems=(), unsent=())
    assert deployed.everything() == before


def test_workflow_whose_newest_run_failed_says_what_since_when_where_and_what_next(
    deployed: Pipeline,
) -> None:
    sink = MemorySink()
    workflows = healthy(run("publish", succeeded=False, ago=2 * HOUR, trigger="schedule"))

    watched = watch(deployed.place, [sink], workflows, ahead=timedelta())

    (problem,) = watched.problems
    assert sink.told == [problem]
    assert (problem.kind, problem.key, problem.severity) == (
        Kind.PROBLEM,
        "publish",
        Severity.ERROR,
    )
    assert deployed.forge.problems() == {
        "publish": (
            "publish failed\n\n"
            "it fails since 2026-03-01 10:00 UTC (that run was started by: schedule)\n"
            "next: read the log of the run; once its cause is mended, run the workflow again\n\n"
            "https://forge.example/run/7"
        )
    }


def test_workflow_that_goes_on_failing_is_told_once_with_its_first_failure(
    deployed: Pipeline,
) -> None:
    sink = MemorySink()
    for ago in (3 * HOUR, 2 * HOUR, HOUR):
        workflows = healthy(run("publish", succeeded=False, ago=ago))
        watch(deployed.place, [sink], workflows, ahead=timedelta())

    assert len(sink.told) == 1
    assert "since 2026-03-01 09:00 UTC" in deployed.forge.problems()["publish"]


def test_workflow_that_works_again_is_told_and_closed(deployed: Pipeline) -> None:
    sink = MemorySink()
    for succeeded in (False, True, True):
        workflows = healthy(run("publish", succeeded=succeeded))
        watch(deployed.place, [sink], workflows, ahead=timedelta())

    assert [each.kind for each in sink.told] == [Kind.PROBLEM, Kind.MENDED]
    assert deployed.forge.problems() == {}


@pytest.mark.parametrize("name", EVERY)
def test_workflow_that_did_not_run_is_a_problem_after_the_time_that_schedules_are_late(
    name: str, deployed: Pipeline
) -> None:
    late = EVERY[name] + 5 * HOUR

    assert titles(watch_workflows(deployed, run(name, ago=late))) == {}
    found = watch_workflows(deployed, run(name, ago=late + timedelta(seconds=1)))
    assert titles(found) == {name: f"{name} did not run"}
    assert "its last run was on" in deployed.forge.problems()[name]


def test_workflow_that_nobody_schedules_may_rest(deployed: Pipeline) -> None:
    resting = run("signing-event", ago=timedelta(days=400))

    assert titles(watch_workflows(deployed, resting)) == {}


def test_workflow_that_never_ran_is_a_problem_once_something_was_signed_online(
    deployed: Pipeline,
) -> None:
    workflows = MemoryWorkflows(runs=(run("publish"), run("create-signing-events")))

    found = watch(deployed.place, (), workflows, ahead=timedelta())
    assert titles(found) == {"online-sign": "online-sign did not run"}
    assert "no run of it is known" in deployed.forge.problems()["online-sign"]

    assert watch(Pipeline().place, (), workflows, ahead=timedelta()).problems == ()


def test_cancelled_run_leaves_what_is_shown_until_it_is_late(deployed: Pipeline) -> None:
    watch_workflows(deployed, run("publish", succeeded=False))
    shown = deployed.forge.problems()

    watch_workflows(deployed, run("publish", succeeded=None))
    assert deployed.forge.problems() == shown

    found = watch_workflows(deployed, run("publish", succeeded=None, ago=12 * HOUR))
    assert titles(found) == {"publish": "publish did not run"}


def test_workflow_that_watches_does_not_judge_itself(deployed: Pipeline) -> None:
    own = run("check", succeeded=False, ago=timedelta(days=3))

    assert watch_workflows(deployed, own).problems == ()


def test_without_workflows_their_problems_are_left_alone(deployed: Pipeline) -> None:
    deployed.forge.open_problem("publish", "publish: the disk is full")

    watch(deployed.place, (), None, ahead=timedelta())

    assert deployed.forge.problems() == {"publish": "publish: the disk is full"}


def test_forge_that_does_not_answer_is_no_sign_that_all_is_well(deployed: Pipeline) -> None:
    watch_workflows(deployed, run("publish", succeeded=False))
    shown = deployed.forge.problems()

    with pytest.raises(ForgeFailed):
        watch(deployed.place, (), MemoryWorkflows(error=ForgeFailed("gone")), ahead=timedelta())

    assert deployed.forge.problems() == shown


# what is deployed


def test_deployment_that_clients_refuse_wakes_somebody(deployed: Pipeline) -> None:
    deployed.stores["production"] = MemoryStore()

    (problem,) = watch_workflows(deployed, days=5).problems

    assert (problem.key, problem.title) == (DEPLOYED, "clients cannot update")
    assert problem.severity is Severity.CRITICAL
    assert problem.text.endswith("next: run online-sign, then publish, and read what they say")


def test_deployment_that_will_expire_is_a_warning_that_becomes_an_alarm(
    deployed: Pipeline,
) -> None:
    sink = MemorySink()
    for _ in range(2):
        watch(deployed.place, [sink], None, ahead=timedelta(days=30))
    deployed.now += timedelta(days=30)
    watch(deployed.place, [sink], None, ahead=timedelta(days=30))

    assert [(each.title, each.severity) for each in sink.told] == [
        ("clients will fail in 30 days", Severity.WARNING),
        ("clients cannot update", Severity.CRITICAL),
        (
            "timestamp, snapshot must be signed at once: ended on 2026-03-08 12:00 UTC",
            Severity.CRITICAL,
        ),
    ]
    assert "expired" in sink.told[0].text
    assert deployed.forge.problems().keys() == {DEPLOYED, "roles-end-now"}


def test_deployment_that_was_mended_is_told(deployed: Pipeline) -> None:
    sink, good = MemorySink(), deployed.stores["production"]
    for store in (MemoryStore(), good):
        deployed.stores["production"] = store
        watch(deployed.place, [sink], None, ahead=timedelta())

    assert [each.kind for each in sink.told] == [Kind.PROBLEM, Kind.MENDED]
    assert deployed.forge.problems() == {}


def test_repository_that_publishes_nothing_has_nothing_to_check() -> None:
    main = first_main()
    del main.files["tufline.toml"]
    nowhere = Pipeline(main=main)
    nowhere.online_sign()

    for pipeline in (Pipeline(), nowhere):
        assert watch(pipeline.place, (), None, ahead=timedelta()).problems == ()


def test_sink_that_fails_stops_nothing(deployed: Pipeline) -> None:
    failing = MemorySink("chat", error=NotSent("chat", "no answer in time"))
    workflows = healthy(run("publish", succeeded=False), run("online-sign", succeeded=False))

    watched = watch(deployed.place, [failing], workflows, ahead=timedelta())

    assert [str(each) for each in watched.unsent] == ["chat: no answer in time"] * 2
    assert deployed.forge.problems().keys() == {"publish", "online-sign"}


def test_workflow_on_a_schedule_of_its_own_is_late_by_that(deployed: Pipeline) -> None:
    seldom = healthy(run("online-sign", ago=20 * HOUR))

    def late(every: int) -> list[str]:
        hours = {**EVERY, "online-sign": every * HOUR}
        found = watch(deployed.place, (), seldom, ahead=timedelta(), every=hours)
        return [each.title for each in found.problems]

    assert late(every=24) == []
    assert late(every=12) == ["online-sign did not run"]
