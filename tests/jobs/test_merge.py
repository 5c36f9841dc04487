"""Merging: exactly the judged tree, or nothing."""

from collections.abc import Callable

import pytest
from tests.jobs.arranging import EVENT, changed_artifact
from tests.support.memory_forge import MemoryForge
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import Sample, key_for
from tuf.api.metadata import Root

from tufline.repository.forge import MergeRefused, Task
from tufline.repository.history import Author, Commit, Move, Moved, NoSuchRef
from tufline.repository.jobs import NotAnEvent, load_event
from tufline.repository.jobs.merge import MergedOtherwise, NotReady, merge
from tufline.repository.jobs.signing_event import signing_event


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


# by a forge that merges itself


def ready_on_forge() -> Pipeline:
    pipeline = ready()
    pipeline.forge = MemoryForge(merges_in=pipeline.history)
    return pipeline


def test_forge_merges_and_the_branch_goes() -> None:
    pipeline = ready_on_forge()
    judged = load_event(pipeline.history, EVENT).proposed.files
    expected = {entry.path: judged.read(entry) for entry in judged.below("")}

    merged = merge(pipeline.place, EVENT)

    assert merged == pipeline.head("main")
    assert pipeline.history.info(merged).author.name == "forge"
    assert pipeline.files(merged) == expected
    assert EVENT not in pipeline.history.branches()


def test_online_signing_is_asked_for_since_the_push_of_a_job_starts_nothing() -> None:
    pipeline = ready_on_forge()
    pipeline.start()

    merge(pipeline.place, EVENT)

    assert pipeline.forge.requested == [(Task.ONLINE_SIGN, None)]


def test_other_events_are_looked_at_again_once_main_has_moved() -> None:
    pipeline = ready_on_forge()
    other = pipeline.main.copy()
    other.edit("npm", signers=[])
    pipeline.push("sign/other", other)
    signing_event(pipeline.place, "sign/other")

    merge(pipeline.place, EVENT)

    assert pipeline.forge.requested == [(Task.ONLINE_SIGN, None), (Task.SIGNING_EVENT, None)]


def test_event_that_a_button_merged_is_finished() -> None:
    pipeline = ready_on_forge()
    message = "Merged by a button"
    merged = pipeline.forge.merge(EVENT, head=pipeline.head(EVENT), message=message)

    assert merge(pipeline.place, EVENT) == merged
    assert EVENT not in pipeline.history.branches()
    assert pipeline.forge.requested == [(Task.ONLINE_SIGN, None)]


def test_branch_that_got_another_commit_after_the_merge_stays() -> None:
    pipeline = ready_on_forge()
    forge = pipeline.forge
    head = pipeline.head(EVENT)

    def merge_before_somebody(event: str, *, head: Commit, message: str) -> Commit:
        merged: Commit = MemoryForge(merges_in=pipeline.history).merge(  # type: ignore[assignment] # it merges
            event, head=head, message=message
        )
        pipeline.commit(EVENT, changed_artifact(pipeline.main, b"more\n").files)
        return merged

    forge.merge = merge_before_somebody
    merge(pipeline.place, EVENT)

    assert pipeline.history.info(pipeline.head(EVENT)).parents == (head,)


def other_main(pipeline: Pipeline, *, hostile: bool) -> None:
    """Let somebody move main between the review and the merge."""
    main = pipeline.main.copy()
    if hostile:
        main.edit("root", lambda root: root.revoke_key(key_for("@bob").keyid, "targets"))
    else:
        main.files["README.md"] = b"about\n"
    merge_now = pipeline.forge.merge

    def merge_after_somebody(event: str, *, head: Commit, message: str) -> object:
        pipeline.merge_by_force(main)
        return merge_now(event, head=head, message=message)

    pipeline.forge.merge = merge_after_somebody


def test_main_that_moved_meanwhile_is_judged_as_it_was_merged_onto() -> None:
    pipeline = ready_on_forge()
    other_main(pipeline, hostile=False)

    files = pipeline.files(merge(pipeline.place, EVENT))

    assert (files["README.md"], files["targets/file.txt"]) == (b"about\n", b"two\n")


def test_main_that_moved_so_that_the_event_was_not_ready_is_told() -> None:
    pipeline = Pipeline()
    event = changed_artifact(pipeline.main)
    event.sign("targets", event.load("targets"), ["@alice", "@bob"])
    pipeline.push(EVENT, event)
    pipeline.forge = MemoryForge(merges_in=pipeline.history)
    other_main(pipeline, hostile=True)

    with pytest.raises(MergedOtherwise, match="differs from what was judged"):
        merge(pipeline.place, EVENT)


def test_forge_that_makes_other_files_is_told() -> None:
    pipeline = ready_on_forge()

    def merge_otherwise(event: str, *, head: Commit, message: str) -> Commit:
        files = {**pipeline.files(pipeline.head(event)), "README.md": message.encode()}
        return pipeline.commit("main", files, merging=[head])

    pipeline.forge.merge = merge_otherwise
    with pytest.raises(MergedOtherwise):
        merge(pipeline.place, EVENT)


def test_forge_that_refuses_leaves_the_event_as_it_is() -> None:
    pipeline = ready_on_forge()
    before = pipeline.everything()

    def refuse(event: str, **_: object) -> Commit:
        raise MergeRefused(event, "two reviews are missing")

    pipeline.forge.merge = refuse
    with pytest.raises(MergeRefused, match="two reviews are missing"):
        merge(pipeline.place, EVENT)

    assert pipeline.everything() == before


def test_other_branches_are_not_merged() -> None:
    with pytest.raises(NotAnEvent):
        merge(ready().place, "publish")
