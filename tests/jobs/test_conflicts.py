"""Two events that change the same role: the later one is told to wait before anybody signs."""

from datetime import timedelta

import pytest
from tests.jobs.arranging import EVENT, changed_artifact, with_settings
from tests.support.pipeline import Pipeline
from tests.support.sample import Sample

from tufline.repository.forge import Act, Ask, EventStatus
from tufline.repository.history import Move
from tufline.repository.jobs.signing_event import signing_event
from tufline.repository.jobs.signing_events import signing_events

FIRST = "sign/z-first"
HOUR = timedelta(hours=1)


def unsigned(main: Sample, role: str = "targets") -> Sample:
    event = main.copy()
    event.edit(role, signers=[])
    return event


def push_after(pipeline: Pipeline, name: str, event: Sample) -> None:
    pipeline.now += HOUR
    pipeline.push(name, event)


def shown(pipeline: Pipeline, name: str = EVENT) -> EventStatus:
    status = signing_event(pipeline.place, name).status
    assert status is not None
    return status


def two_events(first: str = "targets", second: str = "targets") -> Pipeline:
    pipeline = Pipeline()
    push_after(pipeline, FIRST, unsigned(pipeline.main, first))
    push_after(pipeline, EVENT, unsigned(pipeline.main, second))
    return pipeline


def test_later_event_waits_and_asks_nobody_to_sign() -> None:
    pipeline = two_events()

    later = shown(pipeline)

    assert later.asks == (Ask(act=Act.WAIT),)
    assert later.verdict == "waiting"
    assert later.summary == f"waiting for {FIRST}, which changes the same role"
    assert f"wait until `{FIRST}` is merged or withdrawn" in later.text


def test_earlier_event_goes_on() -> None:
    pipeline = two_events()
    shown(pipeline)

    assert {ask.act for ask in shown(pipeline, FIRST).asks} == {Act.SIGN}


def test_events_of_other_roles_do_not_meet() -> None:
    assert {ask.act for ask in shown(two_events("npm", "root")).asks} == {Act.SIGN}


def test_events_of_one_moment_are_ranked_by_name() -> None:
    pipeline = Pipeline()
    for name in ("sign/b", "sign/a"):
        pipeline.push(name, unsigned(pipeline.main))

    assert shown(pipeline, "sign/b").asks == (Ask(act=Act.WAIT),)
    assert shown(pipeline, "sign/a").asks != (Ask(act=Act.WAIT),)


def test_rank_is_that_of_the_first_commit_whoever_commits_last() -> None:
    pipeline = two_events()
    pipeline.now += HOUR
    main = pipeline.head("main")
    pipeline.commit(FIRST, pipeline.files(pipeline.head(FIRST)), merging=[main])

    assert shown(pipeline).asks == (Ask(act=Act.WAIT),)


def test_later_event_that_is_signed_is_not_shown_as_ready() -> None:
    pipeline = Pipeline()
    push_after(pipeline, FIRST, unsigned(pipeline.main))
    push_after(pipeline, EVENT, changed_artifact(pipeline.main))

    assert shown(pipeline).verdict == "waiting"


def test_later_event_is_not_merged_at_the_threshold() -> None:
    main = with_settings(b"[merge]\nat-threshold = true\n")
    pipeline = Pipeline(main=main)
    push_after(pipeline, FIRST, unsigned(main))
    push_after(pipeline, EVENT, changed_artifact(main))
    before = pipeline.head("main")

    assert signing_event(pipeline.place, EVENT).merged is False
    assert pipeline.head("main") == before


def test_withdrawn_event_holds_nobody() -> None:
    pipeline = two_events()
    shown(pipeline)
    pipeline.history.move([Move(branch=FIRST, old=pipeline.head(FIRST), new=None)])

    assert {ask.act for ask in shown(pipeline).asks} == {Act.SIGN}


def test_event_is_stale_once_the_other_is_merged() -> None:
    pipeline = two_events()
    pipeline.now += HOUR
    merged = changed_artifact(pipeline.main)
    pipeline.merge_by_force(merged)

    later = shown(pipeline)

    assert (later.stale, later.verdict, later.asks) == (True, "refused", (Ask(act=Act.MEND),))
    assert later.summary.startswith("main has changed the same meanwhile")


def broken(pipeline: Pipeline) -> None:
    event = unsigned(pipeline.main)
    event.files["README"] = b""
    push_after(pipeline, FIRST, event)


def stale(pipeline: Pipeline) -> None:
    old = pipeline.head("main")
    event = unsigned(pipeline.main)
    pipeline.merge_by_force(changed_artifact(pipeline.main))
    pipeline.push(FIRST, event, onto=old)


def unrelated(pipeline: Pipeline) -> None:
    pipeline.commit(FIRST, unsigned(pipeline.main).files)


@pytest.mark.parametrize("attack", [broken, stale, unrelated])
def test_attack_branch_that_can_never_be_merged_holds_nobody(attack: object) -> None:
    pipeline = Pipeline()
    assert callable(attack)
    attack(pipeline)
    push_after(pipeline, EVENT, unsigned(pipeline.main))

    assert {ask.act for ask in shown(pipeline).asks} == {Act.SIGN}


def test_attack_many_branches_that_are_refused_cost_a_handful_of_reviews() -> None:
    pipeline = Pipeline()
    event = unsigned(pipeline.main)
    event.files["README"] = b""
    for number in range(40):
        pipeline.push(f"sign/junk-{number}", event)
    push_after(pipeline, EVENT, unsigned(pipeline.main))
    files = pipeline.history.performed.count("files")

    assert {ask.act for ask in shown(pipeline).asks} == {Act.SIGN}
    read = pipeline.history.performed.count("files") - files
    assert read < 2 * 41 + 40


def operations(events: int) -> int:
    """Return how often git is asked when so many events change the same role at once."""
    pipeline = Pipeline()
    for number in range(events):
        pipeline.push(f"sign/{number}", unsigned(pipeline.main))
    before = len(pipeline.history.performed)
    steps = list(signing_events(pipeline.place))

    assert [step.problem for step in steps] == [None] * events
    waiting = [status.asks == (Ask(act=Act.WAIT),) for status in pipeline.forge.statuses().values()]
    assert (len(waiting), sum(waiting)) == (events, events - 1)
    return len(pipeline.history.performed) - before


def test_cost_of_300_events_at_once_is_300_times_that_of_one() -> None:
    few, many = operations(30), operations(300)

    assert many < 10 * few + 100
