"""A tick: everything that is due, in order, each step on its own."""

import pytest
from tests.jobs.arranging import DUE, EVENT, add_online_role, changed_artifact, with_settings
from tests.jobs.scenarios import event_that_waits_for_an_online_key
from tests.support.memory_history import Fault, When
from tests.support.pipeline import DAY, Pipeline, first_main
from tests.support.sample import ONLINE, Sample

from tufline.online_sign._not_signed import NotSigned
from tufline.repository.forge import ForgeFailed
from tufline.repository.history import Move
from tufline.repository.jobs.place import Place
from tufline.repository.jobs.tick import OnlineSigning, tick
from tufline.repository.publish.compliance import Accepted


def said(pipeline: Pipeline, *, online: bool = True) -> dict[str, str | None]:
    return {step.job: step.said for step in pipeline.tick(online=online)}


def problems(pipeline: Pipeline) -> dict[str, str]:
    return dict(pipeline.forge.problems())


def test_clients_come_first_then_renewals_then_events() -> None:
    pipeline = Pipeline()
    pipeline.push("sign/b", changed_artifact(pipeline.main))
    pipeline.push("sign/a", changed_artifact(pipeline.main, b"three\n"))

    steps = pipeline.tick()

    assert [step.job for step in steps] == [
        "online-sign",
        "publish",
        "create-signing-events",
        "signing-event sign/a",
        "signing-event sign/b",
        "record",
    ]
    assert [step.said for step in steps][2:5] == ["no role is due", "ready", "waiting"]
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_opened_events_are_shown_in_the_same_tick() -> None:
    pipeline = Pipeline()
    pipeline.now += DUE

    pipeline.tick()

    assert list(pipeline.forge.statuses()) == ["sign/npm-v2", "sign/root-v2", "sign/targets-v2"]


def test_merged_event_is_published_in_the_same_tick_and_others_see_the_new_main() -> None:
    pipeline = Pipeline(main=with_settings(b"[merge]\nat-threshold = true\n"))
    pipeline.start(publish=True)
    pipeline.push("sign/a", changed_artifact(pipeline.main))
    pipeline.push("sign/b", changed_artifact(pipeline.main, b"three\n"))

    steps = pipeline.tick()

    assert [(step.job, step.said) for step in steps if step.job.endswith("/a")] == [
        ("signing-event sign/a", "merged")
    ]
    answer = pipeline.refresh_client()
    assert isinstance(answer, Accepted)
    assert answer.versions.targets == 2
    assert {name: shown.verdict for name, shown in pipeline.forge.statuses().items()} == {
        "sign/b": "refused"
    }


def test_row_h_online_signed_role_becomes_ready_by_a_tick() -> None:
    pipeline = event_that_waits_for_an_online_key()

    assert said(pipeline)[f"signing-event {EVENT}"] == "ready"


def test_refused_event_uses_no_key() -> None:
    main = first_main()
    add_online_role(main)
    pipeline = Pipeline(main=main)
    pipeline.start()
    used = list(pipeline.keys.used)
    event = main.copy()
    event.edit("nightly", signers=[])
    event.files["README"] = b""
    pipeline.push(EVENT, event)

    assert said(pipeline)[f"signing-event {EVENT}"] == "refused"
    assert pipeline.keys.used == used


def test_without_the_online_part_nothing_is_signed_online_but_all_else_is_done() -> None:
    pipeline = Pipeline()
    pipeline.push(EVENT, changed_artifact(pipeline.main))

    assert said(pipeline, online=False) == {
        "create-signing-events": "no role is due",
        f"signing-event {EVENT}": "ready",
        "record": "nothing is new",
    }


def test_repository_without_main_or_root_has_nothing_to_do() -> None:
    empty = Sample()
    empty.files = {"README": b""}
    without_root = Pipeline(main=empty, confirmed="none")
    assert said(without_root) == {
        "create-signing-events": "no role is due",
        "record": "nothing is new",
    }

    pipeline = Pipeline()
    pipeline.history.move([Move(branch="main", old=pipeline.head("main"), new=None)])
    assert pipeline.tick() == ()


def test_nowhere_to_publish_is_no_problem() -> None:
    main = first_main()
    del main.files["tufline.toml"]
    pipeline = Pipeline(main=main)

    assert said(pipeline)["publish"] == "no place to publish to is set"
    assert problems(pipeline) == {}


def test_failing_step_opens_a_problem_and_the_others_still_run() -> None:
    pipeline = Pipeline()
    pipeline.start()
    pipeline.keys.missing.add(ONLINE)
    pipeline.now += 5 * DAY
    pipeline.push(EVENT, changed_artifact(pipeline.main))

    steps = {step.job: step for step in pipeline.tick()}

    problem = (
        f"timestamp could not be signed by its online keys: {ONLINE}: no such key;"
        " clients go on until 2026-03-08 12:00 UTC with timestamp 1"
        " (snapshot 1 is valid until 2026-03-31 12:00 UTC); "
        f"{NotSigned.hint}"
    )
    assert steps["online-sign"].problem == problem
    assert problems(pipeline) == {"online-sign": problem}
    assert steps["publish"].problem is None
    assert steps[f"signing-event {EVENT}"].said == "ready"


def test_success_closes_the_problem() -> None:
    pipeline = Pipeline()
    pipeline.keys.missing.add(ONLINE)
    pipeline.tick()
    assert problems(pipeline)
    pipeline.keys.missing.clear()

    pipeline.tick()

    assert problems(pipeline) == {}


def test_first_run_that_nobody_confirmed_is_a_problem_and_stops_nothing_else() -> None:
    pipeline = Pipeline(confirmed="0" * 64)
    pipeline.push(EVENT, changed_artifact(pipeline.main))

    steps = {step.job: step for step in pipeline.tick()}

    assert "was not confirmed; compare the digest" in str(steps["online-sign"].problem)
    assert steps[f"signing-event {EVENT}"].said == "ready"


def test_event_whose_online_key_failed_is_tried_again_though_its_status_is_shown() -> None:
    main = first_main()
    add_online_role(main)
    pipeline = Pipeline(main=main)
    pipeline.start()
    event = main.copy()
    event.edit("nightly", signers=[])
    pipeline.push(EVENT, event)
    pipeline.keys.missing.add(ONLINE)
    pipeline.tick()
    assert list(problems(pipeline)) == [f"signing-event {EVENT}"]
    pipeline.keys.missing.clear()

    assert said(pipeline)[f"signing-event {EVENT}"] == "ready"
    assert problems(pipeline) == {}


def test_problem_of_an_event_that_is_gone_is_closed() -> None:
    pipeline = Pipeline()
    pipeline.forge.open_problem("signing-event sign/gone", "broken")
    pipeline.forge.open_problem("somebody-else", "broken")

    assert said(pipeline)["signing-event sign/gone"] == "over"
    assert problems(pipeline) == {"somebody-else": "broken"}


def test_defect_met_in_one_step_does_not_stop_the_others() -> None:
    pipeline = Pipeline()

    def fail(place: Place) -> str:
        raise ZeroDivisionError(place.now.isoformat())

    online = OnlineSigning(publish=fail, event=lambda *_: ())
    steps = list(tick(pipeline.place, online))

    assert steps[0].problem is not None
    assert steps[0].problem.startswith("unexpected ZeroDivisionError: 2026-")
    assert [step.job for step in steps] == ["online-sign", "create-signing-events", "record"]


@pytest.mark.parametrize("operation", ["open_problem", "problems"])
def test_forge_that_cannot_be_told_does_not_stop_what_clients_need(operation: str) -> None:
    pipeline = Pipeline()
    if operation == "open_problem":
        pipeline.keys.missing.add(ONLINE)
    pipeline.forge.fault = Fault(
        nth=1, when=When.BEFORE, operation=operation, error=ForgeFailed("forge is gone")
    )

    steps = pipeline.tick()

    assert steps[0].job == "online-sign"
    assert "forge is gone" in str(steps[0].problem)
    assert "create-signing-events" in {step.job for step in steps}
    if operation == "problems":
        assert isinstance(pipeline.refresh_client(), Accepted)
