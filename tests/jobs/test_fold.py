"""Detached signatures of an event go into its metadata, and their files go."""

import json

import pytest
from tests.jobs.arranging import EVENT, offer
from tests.jobs.offering import TARGETS, reason, run, sample_of, signed, signers, waiting_event
from tests.support.detached import detached
from tests.support.faults import FaultPlan
from tests.support.memory_history import Killed, When
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import ONLINE, STRANGER, key_for

from tufline.repository.forge import Act, Ask
from tufline.repository.history import Moved
from tufline.repository.jobs.merge import NotReady, merge
from tufline.repository.jobs.signing_event import signing_event

FOLDER = "metadata/.signatures/"


def add(pipeline: Pipeline, *people: str, role: str = "targets") -> None:
    """Put the signature files of some people into the event."""
    event = sample_of(pipeline)
    for person in people:
        event.files |= detached(sample_of(pipeline), person, role)
    pipeline.commit(EVENT, event.files)


def left(pipeline: Pipeline) -> list[str]:
    files = pipeline.files(pipeline.head(EVENT))
    return [path for path in files if path.startswith(FOLDER)]


def message(pipeline: Pipeline) -> str:
    text: str = pipeline.history.info(pipeline.head(EVENT)).message
    return text.partition("\n\nSigned-off-by")[0]


def test_signatures_that_verify_make_the_event_ready_in_one_commit() -> None:
    pipeline = waiting_event()
    add(pipeline, "@alice", "@bob")
    before = pipeline.head(EVENT)

    assert run(pipeline) == "ready"

    assert signers(pipeline) == {"@alice", "@bob"}
    assert left(pipeline) == []
    stripped = pipeline.history.info(pipeline.head(EVENT))
    (folded,) = stripped.parents
    assert stripped.message.startswith("Remove empty signatures")
    assert pipeline.history.info(folded).parents == (before,)
    lines = pipeline.history.info(folded).message.splitlines()
    assert lines[0] == "Take detached signatures"
    assert {f"- {person} signs targets version 2" for person in ("@alice", "@bob")} < {*lines}


def test_nothing_else_of_the_event_changes() -> None:
    pipeline = waiting_event()
    before = pipeline.files(pipeline.head(EVENT))
    add(pipeline, "@bob")
    run(pipeline)
    after = pipeline.files(pipeline.head(EVENT))
    assert {path for path in before | after if before.get(path) != after.get(path)} == {TARGETS}
    assert json.loads(after[TARGETS])["signed"] == json.loads(before[TARGETS])["signed"]


def test_running_again_changes_nothing() -> None:
    pipeline = waiting_event()
    add(pipeline, "@bob")
    run(pipeline)
    once = pipeline.everything()
    run(pipeline)
    assert pipeline.everything() == once


def test_root_is_signed_in_both_of_its_places() -> None:
    pipeline = Pipeline()
    event = pipeline.main.copy()
    event.edit("root", signers=[])
    pipeline.push(EVENT, event)
    add(pipeline, "@alice", "@bob", role="root")
    assert run(pipeline) == "ready"
    files = pipeline.files(pipeline.head(EVENT))
    assert files["metadata/root.json"] == files["metadata/root_history/2.root.json"]
    assert left(pipeline) == []


def test_signature_of_a_key_that_signed_meanwhile_is_only_removed() -> None:
    pipeline = waiting_event()
    pipeline.commit(EVENT, signed(pipeline, "@bob"))
    before = pipeline.files(pipeline.head(EVENT))[TARGETS]
    add(pipeline, "@bob")
    assert run(pipeline) == "waiting"
    assert left(pipeline) == []
    assert pipeline.files(pipeline.head(EVENT))[TARGETS] == before


def test_signature_of_content_that_changed_is_removed_and_its_signer_asked_again() -> None:
    pipeline = waiting_event()
    run(pipeline)
    add(pipeline, "@bob")
    event = sample_of(pipeline)
    event.edit("targets", signers=["@carol"])
    pipeline.commit(EVENT, event.files)

    assert run(pipeline) == "waiting"

    assert (signers(pipeline), left(pipeline)) == ({"@carol"}, [])
    assert message(pipeline) == (
        "Take detached signatures\n\n"
        "- the signature of targets version 2 by @bob is void, the event has version 3 now"
    )
    again = Ask(act=Act.SIGN_AGAIN, who="@bob", role="targets")
    assert again in pipeline.forge.statuses()[EVENT].asks
    run(pipeline)
    assert again in pipeline.forge.statuses()[EVENT].asks


def test_artifact_that_changes_with_the_signature_voids_it() -> None:
    pipeline = waiting_event()
    add(pipeline, "@bob")
    event = sample_of(pipeline)
    event.files["targets/file.txt"] = b"another\n"
    pipeline.commit(EVENT, event.files)
    assert run(pipeline) == "waiting"
    assert (signers(pipeline), left(pipeline)) == (set(), [])
    assert "- the signature of targets version 2 by @bob is void" in message(pipeline)


@pytest.mark.parametrize("person", [STRANGER, "@dave", ONLINE])
def test_attack_signature_that_does_not_count_is_refused_and_nothing_is_taken(person: str) -> None:
    pipeline = waiting_event()
    add(pipeline, "@bob", person)
    before = pipeline.head(EVENT)
    assert run(pipeline) == "refused"
    assert pipeline.head(EVENT) == before
    assert signers(pipeline) == set()


def test_event_is_not_merged_while_it_holds_one() -> None:
    pipeline = waiting_event()
    pipeline.commit(EVENT, signed(pipeline, "@alice", "@carol"))
    add(pipeline, "@bob")
    with pytest.raises(NotReady):
        merge(pipeline.place, EVENT)
    assert run(pipeline) == "ready"
    merge(pipeline.place, EVENT)
    assert not any(path.startswith(FOLDER) for path in pipeline.files(pipeline.head("main")))


def test_attack_file_on_main_takes_no_content_online_and_is_never_published() -> None:
    pipeline = Pipeline()
    pipeline.start(publish=True)
    known = dict(pipeline.stores["production"].files)
    main = pipeline.main.copy()
    main.put("file.txt", b"two\n")
    main.files |= detached(main, "@bob")
    pipeline.merge_by_force(main)
    outcome = pipeline.online_sign()
    assert outcome.refused is not None
    assert "detached-signature" in {each.rule for each in outcome.refused.errors}
    pipeline.publish()
    assert not [name for name in pipeline.stores["production"].files if "signatures" in name]
    assert pipeline.stores["production"].files.keys() - {"timestamp.json"} >= known.keys() - {
        "timestamp.json"
    }


def test_killed_anywhere_it_is_finished_by_the_next_run() -> None:
    reference = waiting_event()
    add(reference, "@alice", "@bob")
    undisturbed = reference.copy()
    signing_event(undisturbed.place, EVENT)
    expected = undisturbed.files(undisturbed.head(EVENT))
    performed = undisturbed.plan.performed
    assert performed.count("history.move") == 2
    for nth, operation in enumerate(performed, start=1):
        if operation in {"history.write", "history.move", "forge.show"}:
            for when in When:
                pipeline = reference.copy(FaultPlan(nth=nth, when=when))
                with pytest.raises(Killed):
                    signing_event(pipeline.place, EVENT)
                assert run(pipeline) == "ready"
                assert pipeline.files(pipeline.head(EVENT)) == expected


def test_race_with_another_push_begins_anew() -> None:
    undisturbed = waiting_event()
    add(undisturbed, "@bob")
    pipeline = undisturbed.copy()
    signing_event(undisturbed.place, EVENT)
    nth = undisturbed.plan.performed.index("history.move") + 1
    plan = FaultPlan(nth=nth, error=lambda _: Moved(EVENT))
    assert run(pipeline.copy(plan)) == "waiting"
    assert plan.performed.count("history.move") == 2


# what forks offer


def test_two_forks_offer_files_alone_and_make_the_event_ready() -> None:
    pipeline = waiting_event()
    event = sample_of(pipeline)
    for number, person in enumerate(("@bob", "@carol"), start=7):
        offer(pipeline, event.files | detached(event, person), number=number)
    assert run(pipeline) == "ready"
    assert signers(pipeline) == {"@bob", "@carol"}
    assert (left(pipeline), pipeline.forge.declined) == ([], {})


def test_fork_offers_files_of_several_and_a_signature_besides() -> None:
    pipeline = waiting_event()
    event = sample_of(pipeline)
    files = signed(pipeline, "@alice") | detached(event, "@bob") | detached(event, "@carol")
    offer(pipeline, files)
    assert run(pipeline) == "ready"
    assert signers(pipeline) == {"@alice", "@bob", "@carol"}
    assert left(pipeline) == []


def _offered(files: dict[str, bytes]) -> str:
    pipeline = waiting_event()
    offer(pipeline, sample_of(pipeline).files | files)
    before = pipeline.head(EVENT)
    assert run(pipeline) == "waiting"
    assert pipeline.head(EVENT) == before
    return reason(pipeline)


def test_attack_fork_offers_what_does_not_count() -> None:
    event = sample_of(waiting_event())
    assert "may not sign targets" in _offered(detached(event, STRANGER))
    assert "is no detached signature: " in _offered(
        detached(event, "@bob", at=f"{FOLDER}.hidden/2/{key_for('@bob').keyid}.json")
    )
    assert "does not count: `the content has changed since`" in _offered(
        detached(event, "@bob", fields={"payload-sha256": "ab" * 32})
    )
    old = first_main()
    assert "does not count: `the event has version 2 now`" in _offered(detached(old, "@bob"))


def test_attack_fork_offers_a_signature_and_another_file() -> None:
    event = sample_of(waiting_event())
    said = _offered(detached(event, "@bob") | {"tufline.toml": b"[merge]\nat-threshold = true\n"})
    assert "nothing but signatures can be taken" in said


def test_attack_fork_offers_thousands_of_files() -> None:
    files = {f"{FOLDER}targets/2/{n:064x}.json": b"{}" for n in range(300)}
    assert _offered(files) == "This was not taken: it holds more than 256 signature files."


def test_attack_fork_takes_a_file_of_another_away() -> None:
    pipeline = waiting_event()
    add(pipeline, "@bob")
    files = sample_of(pipeline).files
    without = {path: data for path, data in files.items() if not path.startswith(FOLDER)}
    offer(pipeline, without)
    run(pipeline)
    assert reason(pipeline) == "This was not taken: it holds no signature that the event lacks."
    assert signers(pipeline) == {"@bob"}
