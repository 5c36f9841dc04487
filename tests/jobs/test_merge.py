"""Merging: exactly the judged tree, or nothing."""

from collections.abc import Callable

import pytest
from tests.jobs.scenarios import EVENT, changed_artifact
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import Sample, key_for
from tuf.api.metadata import Root

from tufline.repository.history import Author, Move, Moved, NoSuchRef
from tufline.repository.jobs import NotAnEvent, load_event
from tufline.repository.jobs.merge import NotReady, merge


def ready() -> Pipeline:
    pipeline = Pipeline()
    pipeline.push(EVENT, changed_artifact(pipeline.main))
    return pipeline


def test_main_becomes_exactly_what_was_judged() -> None:
    pipeline = ready()
    old, head = pipeline.head("main"), pipeline.head(EVENT)
    judged = load_event(pipeline.history, EVENT).proposed.files
    expected = {entry.path: judged.read(entry) for entry in judged.below("")}

    merged = merge(pipeline.place, EVENT)

    assert merged == pipeline.head("main")
    assert pipeline.files(merged) == expected
    info = pipeline.history.info(merged)
    assert info.parents == (old, head)
    assert info.message.startswith(f"Merge signing event {EVENT}\n")
    assert EVENT not in pipeline.history.branches()


def test_author_is_who_merges_or_the_one_in_the_settings() -> None:
    person = Author(name="Maintainer", email="maintainer@example.org")
    by_person, by_job = ready(), ready()

    merged = merge(by_person.place, EVENT, author=person)
    assert by_person.history.info(merged).author == person
    merged = merge(by_job.place, EVENT)
    assert by_job.history.info(merged).author.name == "tufline"


def unsigned(main: Sample) -> Sample:
    event = changed_artifact(main)
    event.sign("targets", event.load("targets"), ["@alice"])
    return event


def with_workflow(main: Sample) -> Sample:
    event = changed_artifact(main)
    event.files[".github/workflows/x.yml"] = b"on: push\n"
    return event


@pytest.mark.parametrize(
    ("make", "word"),
    [(unsigned, "waiting"), (with_workflow, "refused"), (Sample.copy, "unchanged")],
)
def test_only_a_ready_event_is_merged(make: Callable[[Sample], Sample], word: str) -> None:
    pipeline = Pipeline()
    pipeline.push(EVENT, make(pipeline.main))
    before = pipeline.everything()

    with pytest.raises(NotReady, match=f"{EVENT} is {word}, so it is not merged"):
        merge(pipeline.place, EVENT)

    assert pipeline.everything() == before


@pytest.mark.parametrize("branch", ["main", EVENT])
def test_nothing_happens_when_main_or_the_event_moved_meanwhile(branch: str) -> None:
    pipeline = ready()
    move, history = pipeline.history.move, pipeline.history
    changed = changed_artifact(first_main(), b"faster\n")

    def move_after_somebody(moves: list[Move]) -> None:
        history.move = move
        pipeline.commit(branch, changed.files)
        history.move(moves)

    history.move = move_after_somebody
    with pytest.raises(Moved):
        merge(pipeline.place, EVENT)

    assert pipeline.files(pipeline.head(branch)) == changed.files
    assert EVENT in history.branches()
    assert pipeline.version("targets", "main") == (2 if branch == "main" else 1)


def test_event_from_an_old_base_with_other_changes_merges_both() -> None:
    pipeline = Pipeline()
    old = pipeline.head("main")
    event = changed_artifact(pipeline.main)
    main = pipeline.main.copy()
    main.put("npm/keys.json", b"later\n")
    main.files["README.md"] = b"about\n"
    pipeline.merge_by_force(main)
    pipeline.push(EVENT, event, onto=old)

    files = pipeline.files(merge(pipeline.place, EVENT))

    assert files["targets/file.txt"] == b"two\n"
    assert files["targets/npm/keys.json"] == b"later\n"
    assert files["README.md"] == b"about\n"
    assert files["metadata/npm.json"] == main.files["metadata/npm.json"]


def test_attack_event_from_an_old_base_signed_by_a_key_revoked_since_is_not_ready() -> None:
    pipeline = Pipeline()
    old = pipeline.head("main")
    event = pipeline.main.copy()
    event.files["targets/file.txt"] = b"two\n"
    event.put("file.txt", b"two\n")
    event.sign("targets", event.load("targets"), ["@alice", "@bob"])
    main = pipeline.main.copy()

    def revoke(root: Root) -> None:
        root.revoke_key(key_for("@bob").keyid, "targets")

    main.edit("root", revoke)
    main.sign("targets", main.load("targets"), ["@alice", "@carol"])
    pipeline.merge_by_force(main)
    pipeline.push(EVENT, event, onto=old)

    with pytest.raises(NotReady):
        merge(pipeline.place, EVENT)


def test_attack_revoked_key_does_not_count_though_main_changed_root_only() -> None:
    pipeline = Pipeline()
    old = pipeline.head("main")
    event = changed_artifact(pipeline.main)
    event.sign("targets", event.load("targets"), ["@alice", "@bob"])
    main = pipeline.main.copy()
    main.edit("root", lambda root: root.revoke_key(key_for("@bob").keyid, "targets"))
    pipeline.merge_by_force(main)
    pipeline.push(EVENT, event, onto=old)

    with pytest.raises(NotReady, match="is refused"):
        merge(pipeline.place, EVENT)


def test_event_that_is_gone_is_forgotten() -> None:
    pipeline = ready()
    merge(pipeline.place, EVENT)

    with pytest.raises(NoSuchRef, match=EVENT):
        merge(pipeline.place, EVENT)


def test_other_branches_are_not_merged() -> None:
    with pytest.raises(NotAnEvent):
        merge(ready().place, "publish")
