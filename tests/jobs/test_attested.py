"""Attestations lie in an event while people sign it, and are gone before it is ready."""

import json
from collections.abc import Mapping

import pytest
from tests.jobs.arranging import EVENT, offer
from tests.jobs.offering import reason, run, sample_of
from tests.support.attested import PROVEN, attestation_of, path_of, replace_bob, trusting
from tests.support.faults import FaultPlan
from tests.support.memory_history import Killed, When
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import key_for
from tests.support.yubikey import Vendor

from tufline.repository.jobs.merge import NotReady, merge
from tufline.repository.jobs.record import record
from tufline.repository.jobs.signing_event import signing_event

PATH = path_of("@bob#2")


def accepted(files: Mapping[str, bytes] | None = None) -> Pipeline:
    """Return an event in which @bob has a new key, with its attestation, that nobody has signed."""
    pipeline = Pipeline(main=trusting(first_main()))
    event = pipeline.main.copy()
    event.edit("root", replace_bob, signers=[])
    event.files |= attestation_of("@bob#2") if files is None else files
    pipeline.push(EVENT, event)
    return pipeline


def sign(pipeline: Pipeline, *people: str) -> None:
    event = sample_of(pipeline)
    event.sign("root", event.load("root"), people)
    pipeline.commit(EVENT, event.files)


def left(pipeline: Pipeline, branch: str = EVENT) -> list[str]:
    files = pipeline.files(pipeline.head(branch))
    return [path for path in files if ".attestations" in path]


def test_it_is_shown_while_signatures_are_missing_and_stays() -> None:
    pipeline = accepted()
    assert run(pipeline) == "waiting"
    assert left(pipeline) == [PATH]
    text = " ".join(pipeline.forge.statuses()[EVENT].text.replace("`", "").split())
    assert PROVEN in text
    sign(pipeline, "@alice")
    assert run(pipeline) == "waiting"
    assert left(pipeline) == [PATH]


def test_it_goes_when_all_have_signed_and_main_and_clients_never_see_it() -> None:
    pipeline = accepted()
    sign(pipeline, "@alice", "@carol", "@bob")
    signed = pipeline.files(pipeline.head(EVENT))
    with pytest.raises(NotReady):
        merge(pipeline.place, EVENT)

    assert run(pipeline) == "ready"

    assert left(pipeline) == []
    files = pipeline.files(pipeline.head(EVENT))
    before, after = (json.loads(each["metadata/root.json"]) for each in (signed, files))
    assert before["signed"] == after["signed"]
    given = [each for each in before["signatures"] if each["sig"]]
    assert given == after["signatures"]
    run(pipeline)
    once = pipeline.everything()
    run(pipeline)
    assert pipeline.everything() == once

    merge(pipeline.place, EVENT)
    assert left(pipeline, "main") == []
    pipeline.main.files = pipeline.files(pipeline.head("main"))
    pipeline.start(publish=True)
    assert not [name for name in pipeline.stores["production"].files if "attestation" in name]


def test_record_of_the_event_tells_what_was_attested() -> None:
    pipeline = accepted()
    sign(pipeline, "@alice", "@carol", "@bob")
    run(pipeline)
    commit = merge(pipeline.place, EVENT)
    record(pipeline.place)
    told = json.loads(pipeline.files(pipeline.head("records"))[f"events/{commit}.intoto.json"])
    messages = [each["message"] for each in told["predicate"]["claims"]["git"]["commits"]]
    (line,) = [
        line
        for each in messages
        for line in each.splitlines()
        if each.startswith("Remove attestations") and line.startswith("- ")
    ]
    assert line == f"- {PROVEN} (key {key_for('@bob#2').keyid})"


def test_attack_file_that_proves_nothing_stops_the_event_and_is_not_removed() -> None:
    pipeline = accepted(attestation_of("@bob#2", maker=Vendor()))
    sign(pipeline, "@alice", "@carol", "@bob")
    before = pipeline.head(EVENT)
    assert run(pipeline) == "refused"
    assert (pipeline.head(EVENT), left(pipeline)) == (before, [PATH])
    with pytest.raises(NotReady):
        merge(pipeline.place, EVENT)


def test_attack_file_that_comes_after_all_have_signed() -> None:
    pipeline = accepted({})
    sign(pipeline, "@alice", "@carol", "@bob")
    assert run(pipeline) == "ready"
    event = sample_of(pipeline)
    pipeline.commit(EVENT, event.files | {"metadata/.attestations/run.sh": b"#!/bin/sh\n"})
    assert run(pipeline) == "refused"
    pipeline.commit(EVENT, event.files | attestation_of("@bob#2"))
    assert run(pipeline) == "ready"
    assert left(pipeline) == []


def test_attack_fork_offers_one() -> None:
    pipeline = accepted({})
    offer(pipeline, sample_of(pipeline).files | attestation_of("@bob#2"))
    assert run(pipeline) == "waiting"
    assert "nothing but signatures can be taken" in reason(pipeline)
    assert left(pipeline) == []


def test_attack_file_on_main_takes_no_content_online() -> None:
    pipeline = Pipeline(main=trusting(first_main()))
    pipeline.start(publish=True)
    main = pipeline.main.copy()
    main.edit("root", replace_bob)
    main.files |= attestation_of("@bob#2")
    pipeline.merge_by_force(main)
    outcome = pipeline.online_sign()
    assert outcome.refused is not None
    assert "attestation" in {each.rule for each in outcome.refused.errors}
    pipeline.publish()
    assert not [name for name in pipeline.stores["production"].files if "attestation" in name]


def test_killed_anywhere_it_is_finished_by_the_next_run() -> None:
    reference = accepted()
    sign(reference, "@alice", "@carol", "@bob")
    undisturbed = reference.copy()
    signing_event(undisturbed.place, EVENT)
    expected = undisturbed.files(undisturbed.head(EVENT))
    performed = undisturbed.plan.performed
    for nth, operation in enumerate(performed, start=1):
        if operation in {"history.write", "history.move"}:
            for when in When:
                pipeline = reference.copy(FaultPlan(nth=nth, when=when))
                with pytest.raises(Killed):
                    signing_event(pipeline.place, EVENT)
                assert run(pipeline) == "ready"
                assert pipeline.files(pipeline.head(EVENT)) == expected
