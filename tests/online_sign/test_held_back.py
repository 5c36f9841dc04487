"""While a client keeps new content from being published, what clients have is kept fresh."""

import copy

import pytest
from tests.jobs.arranging import NEXT_KEY, replace_online_key
from tests.jobs.visibility import Judges, read_at_url, release, sign_new_content
from tests.support.edge import Edge
from tests.support.pipeline import DAY, Pipeline
from tests.support.sample import ONLINE

from tufline.repository.clients import Rejected
from tufline.repository.jobs.publishing import ClientRefused
from tufline.repository.publish.compliance import Accepted

REFUSES = Rejected(said="no")


def kept_back() -> tuple[Pipeline, Edge]:
    """Return a pipeline whose newest content a client refused."""
    pipeline = read_at_url()
    edge = Edge(pipeline.stores["production"])
    edge.caches = False
    release(pipeline, edge)
    sign_new_content(pipeline)
    refused(pipeline, edge)
    return pipeline, edge


def refused(pipeline: Pipeline, edge: Edge) -> None:
    with pytest.raises(ClientRefused):
        release(pipeline, edge, Judges(REFUSES))


def trusted(pipeline: Pipeline) -> tuple[int, int]:
    """Return the versions of timestamp and targets that a client gets now."""
    outcome = pipeline.refresh_client(at=pipeline.now)
    assert isinstance(outcome, Accepted)
    return outcome.versions.timestamp, outcome.versions.targets


def test_clients_stay_fresh_for_two_weeks_and_get_the_content_once_it_is_accepted() -> None:
    pipeline, edge = kept_back()
    seen = []
    for _ in range(14):
        pipeline.now += DAY
        pipeline.online_sign()
        refused(pipeline, edge)
        seen.append(trusted(pipeline))

    assert {targets for _, targets in seen} == {1}
    assert seen == sorted(seen)
    assert seen[-1][0] > seen[0][0]

    release(pipeline, edge, Judges())
    timestamp, targets = trusted(pipeline)
    assert timestamp > seen[-1][0]
    assert targets == 2


def test_what_was_replaced_long_ago_is_not_kept_fresh_though_a_store_shows_it() -> None:
    pipeline, edge = kept_back()
    shown = copy.deepcopy(pipeline.stores["production"])
    release(pipeline, edge, Judges())
    pipeline.now += 15 * DAY
    pipeline.online_sign()
    pipeline.stores["production"] = shown

    pipeline.now += 5 * DAY
    before = len(list(pipeline.history.first_parents(pipeline.head("publish"))))
    pipeline.online_sign()

    after = list(pipeline.history.first_parents(pipeline.head("publish")))
    assert [each.message.partition("\n")[0] for each in after[: len(after) - before]] == [
        "Sign timestamp"
    ]


def test_nothing_is_signed_before_it_is_due_or_twice() -> None:
    pipeline, _ = kept_back()
    pipeline.now += DAY
    assert not pipeline.online_sign().moved

    pipeline.now += 4 * DAY
    first = pipeline.online_sign()
    head = pipeline.head("publish")
    again = pipeline.online_sign()  # nobody has published in between

    assert first.publish == head == again.publish
    assert not again.moved


def test_other_content_follows_on_the_newest_there_is() -> None:
    pipeline, edge = kept_back()
    pipeline.now += 5 * DAY
    pipeline.online_sign()
    refused(pipeline, edge)
    held = trusted(pipeline)

    sign_new_content(pipeline, b"three\n")
    release(pipeline, edge, Judges())

    timestamp, targets = trusted(pipeline)
    assert timestamp > held[0]
    assert targets == 3


def test_new_online_key_does_not_reach_clients_that_have_the_old_root() -> None:
    pipeline = read_at_url()
    edge = Edge(pipeline.stores["production"])
    edge.caches = False
    release(pipeline, edge)
    main = pipeline.main.copy()
    replace_online_key(main)
    pipeline.merge_by_force(main)
    pipeline.online_sign()
    refused(pipeline, edge)
    pipeline.now += 5 * DAY
    pipeline.online_sign()
    refused(pipeline, edge)
    pipeline.now += 3 * DAY  # longer than the first timestamp lasts

    assert trusted(pipeline)[1] == 1
    assert "metadata/2.root.json" not in pipeline.stores["production"].files


def test_key_that_is_lost_for_what_clients_have_stops_nothing_else() -> None:
    pipeline, edge = kept_back()
    pipeline.now += 5 * DAY
    pipeline.keys.missing.update({ONLINE, NEXT_KEY})
    head = pipeline.head("publish")

    with pytest.raises(Exception, match="online"):
        pipeline.online_sign()

    assert pipeline.head("publish") == head
    pipeline.keys.missing.clear()
    pipeline.online_sign()
    refused(pipeline, edge)
    assert trusted(pipeline)[1] == 1


def with_a_newer_timestamp() -> Pipeline:
    """Return one where only the timestamp over what clients have is due; its key is lost."""
    pipeline = Pipeline()  # without a URL: a tick would look there
    edge = Edge(pipeline.stores["production"])
    pipeline.start()
    release(pipeline, edge)
    pipeline.now += 3 * DAY
    sign_new_content(pipeline)
    refused(pipeline, edge)
    pipeline.now += 2 * DAY
    pipeline.keys.missing.update({ONLINE, NEXT_KEY})
    return pipeline


def test_failure_to_keep_clients_fresh_is_said_and_stops_nothing() -> None:
    pipeline = with_a_newer_timestamp()

    outcome = pipeline.online_sign()

    assert not outcome.moved
    assert str(outcome.not_kept_fresh).startswith(
        "what clients have, while new content is kept from them, could not be kept fresh:"
        f" timestamp could not be signed by its online keys: {ONLINE}: no such key;"
        " clients go on until 2026-03-08 12:00 UTC with timestamp 1 ("
    )

    pipeline.keys.missing.clear()
    again = pipeline.online_sign()
    assert again.not_kept_fresh is None
    assert again.publish != outcome.publish


def test_whatever_fails_there_is_said_beside_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = with_a_newer_timestamp()
    pipeline.keys.missing.clear()
    pipeline.now += 2 * DAY  # publish's own timestamp is due as well

    def fail(*_: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr("tufline.online_sign._held_back._held_back", fail)
    outcome = pipeline.online_sign()

    assert (outcome.moved, outcome.signed) == (True, ("timestamp",))
    assert str(outcome.not_kept_fresh).endswith("fresh: unexpected KeyError: 'lost'")


def test_it_is_said_too_where_nothing_could_be_signed_at_all() -> None:
    pipeline = with_a_newer_timestamp()
    pipeline.now += 2 * DAY

    (step, *_) = pipeline.tick()

    assert step.problem is not None
    assert step.problem.startswith("timestamp could not be signed by its online keys")
    assert "; what clients have, while new content is kept from them, could not be" in step.problem


def test_tick_opens_the_problem_of_it() -> None:
    pipeline = with_a_newer_timestamp()

    (step, *_) = pipeline.tick()

    assert step.job == "online-sign"
    assert step.problem is not None
    assert step.problem.startswith(
        f"signed nothing, without {ONLINE}: no such key; what clients have, while new content"
    )
    assert pipeline.forge.problems()["online-sign"] == step.problem
    assert "online-keys" not in pipeline.forge.problems()  # others were not enough
