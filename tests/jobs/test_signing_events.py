"""All events at once, each on its own; what must follow is asked for."""

import pytest
from tests.jobs.arranging import EVENT, add_online_role, changed_artifact, offer, with_settings
from tests.support.faults import FaultPlan
from tests.support.memory_forge import MemoryForge
from tests.support.memory_history import Fault, Killed, When
from tests.support.pipeline import Pipeline, first_main

from tufline.repository.forge import ForgeFailed, Task
from tufline.repository.history import Moved
from tufline.repository.jobs._steps import Step
from tufline.repository.jobs.signing_events import signing_events

MERGES = b"[merge]\nat-threshold = true\n"


def run(pipeline: Pipeline) -> dict[str, str | None]:
    return {step.job: step.problem or step.said for step in signing_events(pipeline.place)}


def requested(pipeline: Pipeline) -> list[tuple[str, str | None]]:
    return [(task.value, event) for task, event in pipeline.forge.requested]


def two_ready_events() -> Pipeline:
    """Return two events that the forge merges, and one that waits."""
    main = with_settings(MERGES)
    pipeline = Pipeline(main=main)
    pipeline.forge = MemoryForge(merges_in=pipeline.history)
    pipeline.push("sign/b", changed_artifact(main))
    npm = main.copy()
    npm.put("npm/keys.json", b"other\n")
    pipeline.push("sign/c", npm)
    waiting = main.copy()
    waiting.edit("root", signers=[])
    pipeline.push("sign/a", waiting)
    return pipeline


def test_each_event_is_a_step_and_one_that_fails_does_not_stop_the_others() -> None:
    pipeline = Pipeline()
    broken = pipeline.push("sign/a", changed_artifact(pipeline.main))
    npm = pipeline.main.copy()
    npm.edit("npm", signers=[])
    pipeline.push("sign/b", npm)
    pipeline.history.lose(broken)

    said = run(pipeline)

    assert str(said["signing-event sign/a"]).startswith("the git repository is damaged")
    assert said["signing-event sign/b"] == "waiting"
    assert list(pipeline.forge.problems()) == ["signing-event sign/a"]


def test_what_is_shown_is_read_once_for_all_events_and_only_open_problems_closed() -> None:
    pipeline = Pipeline()
    for number in range(5):
        pipeline.push(f"sign/{number}", changed_artifact(pipeline.main))
    pipeline.forge.open_problem("signing-event sign/3", "broken")
    pipeline.forge.performed.clear()

    run(pipeline)

    performed = pipeline.forge.performed
    counts = {name: performed.count(name) for name in ("statuses", "problems", "close_problem")}
    assert counts == {"statuses": 1, "problems": 1, "close_problem": 1}
    assert pipeline.forge.problems() == {}


def test_events_that_are_out_of_date_come_first() -> None:
    pipeline = Pipeline()
    for name in ("sign/a", "sign/b"):
        pipeline.push(name, changed_artifact(pipeline.main))
    run(pipeline)
    pipeline.commit("sign/b", changed_artifact(pipeline.main, b"three\n").files)

    assert list(run(pipeline)) == ["signing-event sign/b", "signing-event sign/a"]


def test_after_merges_online_signing_and_one_more_look_at_all_events_are_asked_for() -> None:
    pipeline = two_ready_events()

    assert run(pipeline) == {
        "signing-event sign/a": "waiting",
        "signing-event sign/b": "merged",
        "signing-event sign/c": "merged",
    }
    assert requested(pipeline) == [("online-sign", None), ("signing-event", None)]
    assert list(pipeline.history.branches("sign/")) == ["sign/a"]
    assert list(pipeline.forge.statuses()) == ["sign/a"]


def test_nothing_is_asked_for_where_nothing_is_to_do() -> None:
    pipeline = Pipeline()
    pipeline.start()
    pipeline.push(EVENT, changed_artifact(pipeline.main))

    run(pipeline)

    assert requested(pipeline) == []


@pytest.mark.parametrize("when", When)
def test_merges_that_were_cut_short_are_finished_by_the_next_run(when: When) -> None:
    start = two_ready_events()
    undisturbed = start.copy()
    run(undisturbed)
    for nth in range(1, 1000):
        pipeline = start.copy(FaultPlan(nth=nth, when=when))
        try:
            run(pipeline)
        except Killed:
            run(pipeline)
        if not pipeline.plan.struck:
            break

        assert pipeline.files(pipeline.head("main")) == undisturbed.files(undisturbed.head("main"))
        assert list(pipeline.history.branches("sign/")) == ["sign/a"]
        assert list(pipeline.forge.statuses()) == ["sign/a"]
        assert ("online-sign", None) in requested(pipeline)
        told = [ask for _, ask in pipeline.forge.told]
        assert len(told) == len(set(told))


def test_requests_for_the_online_key_are_bounded() -> None:
    main = first_main()
    for number in range(30):
        add_online_role(main, f"nightly-{number}")
    pipeline = Pipeline(main=main)
    pipeline.start()
    for number in range(30):
        event = main.copy()
        event.edit(f"nightly-{number}", signers=[])
        pipeline.push(f"sign/{number}", event)

    run(pipeline)

    tasks = [task for task, _ in pipeline.forge.requested]
    assert tasks == [Task.ONLINE_SIGN] * 20


def test_request_that_fails_is_a_problem_that_the_next_run_closes() -> None:
    pipeline = two_ready_events()
    pipeline.forge.fault = Fault(
        nth=1, when=When.BEFORE, operation="request", error=ForgeFailed("gone")
    )

    assert str(run(pipeline)["signing-event"]).startswith("gone; run the job again")
    assert list(pipeline.forge.problems()) == ["signing-event"]
    run(pipeline)

    assert pipeline.forge.problems() == {}
    assert ("online-sign", None) in requested(pipeline)


def test_event_that_somebody_pushes_to_meanwhile_is_looked_at_once_more() -> None:
    pipeline = Pipeline()
    event = pipeline.main.copy()
    event.files["targets/file.txt"] = b"two\n"
    pipeline.push(EVENT, event)
    move, theirs = pipeline.history.move, {**event.files, "targets/npm/more.json": b"more\n"}

    def move_after_somebody(moves: object) -> None:
        pipeline.history.move = move
        pipeline.commit(EVENT, theirs)
        move(moves)

    pipeline.history.move = move_after_somebody

    assert run(pipeline) == {f"signing-event {EVENT}": "waiting"}
    assert pipeline.version("npm", EVENT) == 2


def test_signatures_of_forks_are_taken() -> None:
    pipeline = Pipeline()
    event = pipeline.main.copy()
    event.edit("npm", signers=[])
    pipeline.push(EVENT, event)
    event.sign("npm", event.load("npm"), ["@dave"])
    offer(pipeline, event.files)

    assert run(pipeline) == {f"signing-event {EVENT}": "ready"}


def test_race_that_does_not_end_is_a_problem() -> None:
    pipeline = Pipeline()
    event = pipeline.main.copy()
    event.files["targets/file.txt"] = b"two\n"
    pipeline.push(EVENT, event)

    def lose(_: object) -> None:
        raise Moved(EVENT)

    pipeline.history.move = lose
    (step,) = signing_events(pipeline.place)

    assert isinstance(step, Step)
    assert str(step.problem).startswith(f"branch '{EVENT}' was moved by somebody else meanwhile")
