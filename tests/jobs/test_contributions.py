"""What forks offer to an event: signatures that verify are taken."""

import json
from collections.abc import Iterable

from tests.jobs.arranging import EVENT, offer
from tests.jobs.offering import run, signed, signers, waiting_event
from tests.support.pipeline import Pipeline
from tests.support.sample import key_for
from tuf.api.metadata import Metadata, Root, Targets
from tuf.api.serialization.json import JSONSerializer

REF = "refs/pull/7/head"
TARGETS = "metadata/targets.json"


def test_signature_is_committed_with_the_contribution_as_a_parent() -> None:
    pipeline = waiting_event()
    before = pipeline.head(EVENT)
    offered = offer(pipeline, signed(pipeline, "@bob"))

    assert run(pipeline) == "waiting"

    info = pipeline.history.info(pipeline.head(EVENT))
    assert info.parents == (before, offered)
    assert signers(pipeline) == {"@bob"}
    assert pipeline.forge.declined == {}


def test_all_that_is_committed_of_it_are_signatures() -> None:
    pipeline = waiting_event()
    before = pipeline.files(pipeline.head(EVENT))
    files = signed(pipeline, "@bob")
    files[TARGETS] = json.dumps(json.loads(files[TARGETS])).encode()  # in a form of their own
    offer(pipeline, files)
    run(pipeline)

    after = pipeline.files(pipeline.head(EVENT))
    assert {path for path in after if after[path] != before[path]} == {TARGETS}
    metadata = Metadata[Targets].from_bytes(after[TARGETS])
    assert after[TARGETS] == metadata.to_bytes(JSONSerializer())
    assert metadata.signed == Metadata[Targets].from_bytes(before[TARGETS]).signed


def test_two_forks_at_once_make_the_event_ready() -> None:
    pipeline = waiting_event()
    offer(pipeline, signed(pipeline, "@bob"))
    offer(pipeline, signed(pipeline, "@carol"), number=8)

    assert run(pipeline) == "ready"
    assert signers(pipeline) == {"@bob", "@carol"}
    assert pipeline.forge.declined == {}


def test_attack_many_offers_are_taken_up_over_several_runs() -> None:
    pipeline = waiting_event()
    for number in range(25):
        offer(pipeline, {"README": b"%d" % number}, number=number)

    run(pipeline)
    assert len(pipeline.forge.declined) == 20
    run(pipeline)
    assert len(pipeline.forge.declined) == 25


def test_signature_of_an_earlier_commit_counts_while_the_content_is_the_same() -> None:
    pipeline = waiting_event()
    files, old = signed(pipeline, "@bob"), pipeline.head(EVENT)
    pipeline.commit(EVENT, signed(pipeline, "@carol"))
    offer(pipeline, files, onto=old)

    assert run(pipeline) == "ready"
    assert signers(pipeline) == {"@bob", "@carol"}


def test_root_is_signed_in_both_of_its_places_and_by_the_keys_of_the_root_before() -> None:
    def only_new_keys(root: Root) -> None:
        for name in ("@alice", "@bob", "@carol"):
            root.revoke_key(key_for(name).keyid, "root")
        for name in ("@alice#2", "@bob#2"):
            root.add_key(key_for(name), "root")

    pipeline = Pipeline()
    event = pipeline.main.copy()
    event.edit("root", only_new_keys, signers=["@alice#2", "@bob#2"])
    pipeline.push(EVENT, event)
    offer(pipeline, signed(pipeline, "@alice#2", "@bob#2", "@alice", "@bob", role="root"))
    before = Metadata[Root].from_bytes(pipeline.files(pipeline.head(EVENT))["metadata/root.json"])

    assert run(pipeline) == "ready"

    files = pipeline.files(pipeline.head(EVENT))
    after = Metadata[Root].from_bytes(files["metadata/root.json"])
    people = {key_for(name).keyid for name in ("@alice", "@bob", "@alice#2", "@bob#2")}
    assert after.signatures.keys() == people
    for name in ("@alice#2", "@bob#2"):  # ours, though theirs is as good
        assert after.signatures[key_for(name).keyid] == before.signatures[key_for(name).keyid]
    assert files["metadata/root.json"] == files["metadata/root_history/2.root.json"]


def test_contribution_that_took_main_in_as_signers_tools_do_is_taken() -> None:
    pipeline = waiting_event()
    files = signed(pipeline, "@bob")
    main = pipeline.main.copy()
    main.put("npm/keys.json", b"later\n")
    pipeline.merge_by_force(main)
    changed = {path: data for path, data in main.files.items() if "npm" in path}
    offer(pipeline, {**files, **changed}, merging=[pipeline.head("main")])

    run(pipeline)

    assert pipeline.forge.declined == {}
    assert signers(pipeline) == {"@bob"}
    assert pipeline.files(pipeline.head(EVENT))["targets/npm/keys.json"] == b"later\n"
    assert pipeline.head("main") in pipeline.history.info(pipeline.head(EVENT)).parents


def test_fork_that_moved_between_is_left_to_the_next_run() -> None:
    pipeline = waiting_event()
    old = offer(pipeline, signed(pipeline, "@bob"))
    new = offer(pipeline, signed(pipeline, "@carol"))
    pipeline.forge.offered[EVENT] = pipeline.forge.offered[EVENT][:1]
    assert pipeline.forge.offered[EVENT][0].head == old != new

    run(pipeline)

    assert (signers(pipeline), pipeline.forge.declined) == (set(), {})


def test_fork_that_is_gone_between_is_passed_over() -> None:
    pipeline = waiting_event()
    offer(pipeline, signed(pipeline, "@bob"))
    pipeline.history.offered.clear()

    run(pipeline)

    assert (signers(pipeline), pipeline.forge.declined) == (set(), {})


def test_what_was_taken_is_not_taken_or_declined_again() -> None:
    pipeline = waiting_event()
    offer(pipeline, signed(pipeline, "@bob"))
    run(pipeline)
    head = pipeline.head(EVENT)

    run(pipeline)

    assert (pipeline.head(EVENT), pipeline.forge.declined) == (head, {})


def test_event_that_moves_while_it_is_read_loses_nothing() -> None:
    pipeline = waiting_event()
    offer(pipeline, signed(pipeline, "@bob"))
    theirs = signed(pipeline, "@carol")
    move = pipeline.history.move

    def move_after_somebody(moves: Iterable[object]) -> None:
        pipeline.history.move = move
        pipeline.commit(EVENT, theirs)
        move(moves)

    pipeline.history.move = move_after_somebody

    assert run(pipeline) == "ready"
    assert signers(pipeline) == {"@bob", "@carol"}


def test_refused_event_leaves_what_is_offered_until_it_is_mended() -> None:
    pipeline = waiting_event()
    files = signed(pipeline, "@bob")
    offer(pipeline, files)
    sound = pipeline.files(pipeline.head(EVENT))
    pipeline.commit(EVENT, {**sound, "README": b""})
    assert run(pipeline) == "refused"
    assert pipeline.forge.declined == {}

    pipeline.commit(EVENT, sound)
    run(pipeline)

    assert signers(pipeline) == {"@bob"}
