"""The record of merged events: complete, equal whenever it is made, and harmless to make again."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.jobs.arranging import EVENT, changed_artifact
from tests.jobs.recording import FACTS, Forge, read
from tests.support.faults import FaultPlan, killed
from tests.support.memory_history import Killed, When
from tests.support.pipeline import PERSON, Pipeline
from tests.support.sample import NOW, Sample

from tufline.repository.forge import ForgeFailed
from tufline.repository.history import Author, Commit, Move, Moved
from tufline.repository.jobs.merge import merge
from tufline.repository.jobs.record import RECORDS, record, record_path


def merged() -> tuple[Pipeline, Commit]:
    """Return a pipeline with one event that was merged by the job."""
    pipeline = Pipeline(forge=Forge())
    pipeline.push(EVENT, changed_artifact(pipeline.main))
    commit = merge(pipeline.place, EVENT)
    return pipeline, commit


def another(pipeline: Pipeline, data: bytes, name: str = "sign/other") -> Commit:
    """Merge one more event."""
    main = Sample()
    main.files = pipeline.files(pipeline.head("main"))
    pipeline.push(name, changed_artifact(main, data))
    return merge(pipeline.place, name)


def test_record_is_an_in_toto_statement_about_the_commit_and_each_changed_file() -> None:
    pipeline, commit = merged()

    assert record(pipeline.place) == (commit,)

    tree = read(pipeline, commit)
    assert tree.keys() == {"_type", "subject", "predicateType", "predicate"}
    assert tree["_type"] == "https://in-toto.io/Statement/v1"
    assert tree["predicateType"].endswith("/blob/main/docs/record.md#v1")
    files = pipeline.files(commit)
    assert {each["name"]: each["digest"] for each in tree["subject"]} == {
        commit: {"gitCommit": commit},
        **{
            path: {"sha256": hashlib.sha256(files[path]).hexdigest()}
            for path in ("metadata/targets.json", "targets/file.txt")
        },
    }


def test_record_says_who_signed_and_what_review_found() -> None:
    pipeline, commit = merged()
    base, head = pipeline.history.info(commit).parents

    record(pipeline.place)

    predicate = read(pipeline, commit)["predicate"]
    assert (predicate["merge"], predicate["base"], predicate["heads"]) == (commit, base, [head])
    assert predicate["review"]["at"] == "2026-03-01T12:00:00Z"
    assert predicate["review"]["verdict"] == "ready"
    assert predicate["review"]["roles"] == {
        "targets": {
            "version": 2,
            "threshold": 2,
            "signed": ["@alice", "@bob", "@carol"],
            "missing": [],
            "invited": [],
            "unverified": [],
            "ready": True,
            "previous": None,
        }
    }
    assert predicate["reviewer"] == {"name": "tufline", "version": "0.1.0"}


def test_what_people_and_the_forge_say_is_marked_as_claims() -> None:
    pipeline, commit = merged()
    pipeline.forge.known[commit] = FACTS

    record(pipeline.place)

    claims = read(pipeline, commit)["predicate"]["claims"]
    somebody = f"{PERSON.name} <{PERSON.email}>"
    assert claims["git"]["proposer"] == somebody
    (own,) = claims["git"]["commits"]
    assert own["message"].startswith(f"Change {EVENT}\n")
    assert (own["author"], own["when"]) == (somebody, "2026-03-01T12:00:00Z")
    assert claims["git"]["merge"]["message"].startswith(f"Merge signing event {EVENT}\n")
    assert claims["forge"] == {
        "url": "https://forge.example/pull/7",
        "title": "Change file.txt",
        "text": "because it is old",
        "opened": "2026-02-28T08:00:00Z",
        "merged": "2026-03-01T12:00:00Z",
        "merged_by": "maintainer",
    }


def test_records_are_a_branch_without_the_files_of_main() -> None:
    pipeline, commit = merged()

    record(pipeline.place)

    head = pipeline.head(RECORDS)
    assert pipeline.files(head).keys() == {f"events/{commit}.intoto.json"}
    assert pipeline.history.info(head).parents == ()


def test_second_run_writes_nothing_and_later_events_are_added() -> None:
    pipeline, first = merged()
    record(pipeline.place)
    after_one = pipeline.everything()

    assert record(pipeline.place) == ()
    assert pipeline.everything() == after_one

    second, third = another(pipeline, b"three\n"), another(pipeline, b"four\n")
    old = pipeline.head(RECORDS)
    assert record(pipeline.place) == (third, second)
    assert pipeline.history.info(pipeline.head(RECORDS)).parents == (old,)
    assert pipeline.files(pipeline.head(RECORDS)).keys() == {
        record_path(each) for each in (first, second, third)
    }


def test_record_that_is_made_again_later_has_equal_bytes() -> None:
    pipeline, commit = merged()
    other = pipeline.copy()
    other.now += timedelta(days=900)  # everything has expired meanwhile
    for each in (pipeline, other):
        record(each.place)

    path = record_path(commit)
    assert pipeline.files(pipeline.head(RECORDS))[path] == other.files(other.head(RECORDS))[path]


def test_commits_of_everybody_who_took_part_are_named_oldest_first() -> None:
    pipeline = Pipeline(forge=Forge())
    main = pipeline.main
    bare = main.copy()
    bare.files["targets/file.txt"] = b"two\n"
    first = pipeline.push(EVENT, bare)
    signed = pipeline.history.write(
        tree=first,
        changes=changed_artifact(main).files,
        parents=[first],
        message="Sign",
        author=Author(name="Signer", email="signer@example.org"),
        when=NOW + timedelta(hours=1),
    )
    pipeline.history.move([Move(branch=EVENT, old=first, new=signed)])
    pipeline.commit(EVENT, pipeline.files(signed), merging=[pipeline.head("main")])
    commit = merge(pipeline.place, EVENT)

    record(pipeline.place)

    git = read(pipeline, commit)["predicate"]["claims"]["git"]
    assert [each["author"] for each in git["commits"]][:2] == [
        f"{PERSON.name} <{PERSON.email}>",
        "Signer <signer@example.org>",
    ]
    assert len(git["commits"]) == 3
    assert git["omitted"] is False


def test_forge_that_fails_leaves_everything_for_the_next_run() -> None:
    pipeline, commit = merged()
    plan = FaultPlan(nth=1, error=lambda _: ForgeFailed("gone"))
    failing = replace(pipeline.place, forge=plan.watch(pipeline.forge, "forge"))

    with pytest.raises(ForgeFailed):
        record(failing)

    assert RECORDS not in pipeline.history.branches()
    assert record(pipeline.place) == (commit,)


def test_of_two_runs_at_once_the_slower_changes_nothing() -> None:
    pipeline, commit = merged()
    place = pipeline.place
    record(place)
    second = another(pipeline, b"three\n")
    old = pipeline.head(RECORDS)
    move, history = pipeline.history.move, pipeline.history

    def move_after_somebody(moves: list[Move]) -> None:
        history.move = move
        pipeline.commit(RECORDS, {**pipeline.files(old), "events/x": b""})
        history.move(moves)

    history.move = move_after_somebody
    with pytest.raises(Moved):
        record(pipeline.place)

    assert record(pipeline.place) == (second,)
    assert pipeline.files(pipeline.head(RECORDS)).keys() == {
        "events/x",
        record_path(commit),
        record_path(second),
    }


def test_killed_anywhere_and_run_again_ends_as_undisturbed() -> None:
    start, _ = merged()
    another(start, b"three\n")
    undisturbed = start.copy()
    record(undisturbed.place)
    expected = undisturbed.everything()

    for nth in range(1, len(undisturbed.plan.performed) + 1):
        for when in When:
            pipeline = start.copy(FaultPlan(nth=nth, when=when, error=killed))
            with pytest.raises(Killed):
                record(pipeline.place)
            record(pipeline.place)
            assert pipeline.everything() == expected, (nth, when)
    assert expected["branches"] != start.everything()["branches"]


def test_without_main_there_is_nothing_to_record() -> None:
    pipeline, _ = merged()
    pipeline.history.move([Move(branch="main", old=pipeline.head("main"), new=None)])

    assert record(pipeline.place) == ()
