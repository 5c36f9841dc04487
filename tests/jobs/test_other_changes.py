"""Pull requests to main that are no events: which may be merged, judged by what they change."""

from collections.abc import Callable

import pytest
from tests.jobs.arranging import changed_artifact
from tests.jobs.scenarios import propose
from tests.support.memory_history import Fault, When
from tests.support.pipeline import Pipeline

from tufline.repository.forge import ForgeFailed
from tufline.repository.history import Commit, Move
from tufline.repository.jobs.other_changes import ALLOWED, REFUSED, other_changes
from tufline.repository.jobs.signing_events import signing_events


def cleared(pipeline: Pipeline) -> dict[Commit, tuple[bool, str]]:
    """Run the step, and return what is shown of each head."""
    other_changes(pipeline.place)
    shown: dict[Commit, tuple[bool, str]] = pipeline.forge.cleared
    return shown


@pytest.mark.parametrize(
    "path",
    [
        "tufline.toml",
        ".github/workflows/online-sign.yml",
        "README.md",
        "metadata.md",
        "docs/metadata/root.json",
    ],
)
def test_change_of_what_nobody_signs_is_allowed(path: str) -> None:
    pipeline = Pipeline()
    proposal = propose(pipeline, {**pipeline.main.files, path: b"new\n"})

    assert cleared(pipeline) == {proposal.head: (True, ALLOWED)}


@pytest.mark.parametrize(
    "path",
    [
        "metadata/root.json",
        "metadata/root_history/1.root.json",
        "metadata/.signing-event-state",
        "metadata/any/thing",
        "targets/file.txt",
        "targets/.gitattributes",
        "Metadata/root.json",
        "TARGETS/file.txt",
    ],
)
def test_change_of_metadata_or_artifacts_is_not_whatever_else_there_is(path: str) -> None:
    pipeline = Pipeline()
    files = {**pipeline.main.files, path: b"new\n", "README.md": b"new\n"}
    proposal = propose(pipeline, files)

    assert cleared(pipeline) == {proposal.head: (False, REFUSED)}


@pytest.mark.parametrize("folder", ["metadata", "targets"])
def test_file_in_place_of_a_folder_is_not_allowed(folder: str) -> None:
    pipeline = Pipeline()
    rest = {
        path: data
        for path, data in pipeline.main.files.items()
        if not path.startswith(f"{folder}/")
    }
    proposal = propose(pipeline, {**rest, folder: b"elsewhere"})

    assert cleared(pipeline) == {proposal.head: (False, REFUSED)}


def test_metadata_that_is_removed_or_taken_back_is_a_change() -> None:
    pipeline = Pipeline()
    before = pipeline.main.copy()
    pipeline.merge_by_force(changed_artifact(pipeline.main))
    removed = dict(pipeline.main.files)
    del removed["targets/file.txt"]
    heads = [
        propose(pipeline, files, number=number).head
        for number, files in enumerate((removed, before.files))
    ]

    assert cleared(pipeline) == dict.fromkeys(heads, (False, REFUSED))


def test_what_main_got_meanwhile_is_no_change_of_the_proposal() -> None:
    pipeline = Pipeline()
    behind = propose(pipeline, {**pipeline.main.files, "README.md": b"new\n"})
    pipeline.merge_by_force(changed_artifact(pipeline.main))

    assert cleared(pipeline) == {behind.head: (True, ALLOWED)}


def test_proposal_without_a_common_commit_is_not_allowed() -> None:
    pipeline = Pipeline()
    other = Pipeline()
    orphan = other.history.write(
        tree=None,
        changes={"README.md": b"new\n"},
        parents=[],
        message="m",
        author=None,
        when=pipeline.now,
    )
    pipeline.history._commits |= other.history._commits  # noqa: SLF001 - a fetch, in memory
    proposal = propose(pipeline, pipeline.main.files)
    pipeline.history.offered[proposal.ref] = orphan
    pipeline.forge.proposed = [
        type(proposal)(number=7, ref=proposal.ref, head=orphan, who="eve"),
    ]

    assert cleared(pipeline) == {
        orphan: (False, "it has 0 merge bases with main: make the change anew on main")
    }


def test_proposal_with_several_merge_bases_is_not_allowed() -> None:
    pipeline = Pipeline()
    start, files = pipeline.head("main"), pipeline.main.files
    one = pipeline.commit("one", {**files, "one": b"1"}, onto=start)
    two = pipeline.commit("two", {**files, "two": b"2"}, onto=start)
    both = {**files, "one": b"1", "two": b"2"}
    proposal = propose(pipeline, both, onto=one, merging=[two])
    pipeline.history.move(
        [Move(branch="main", old=start, new=pipeline.commit("two", both, merging=[one]))]
    )

    assert cleared(pipeline) == {
        proposal.head: (False, "it has 2 merge bases with main: make the change anew on main")
    }


def test_proposal_that_cannot_be_read_is_not_allowed() -> None:
    pipeline = Pipeline()
    proposal = propose(pipeline, {**pipeline.main.files, "README.md": b"new\n"})
    pipeline.history.lose(proposal.head)

    ((allowed, said),) = cleared(pipeline).values()
    assert not allowed
    assert said.startswith("the git repository is damaged")


def moved(pipeline: Pipeline, ref: str) -> None:
    pipeline.history.offered[ref] = pipeline.head("main")


def gone(pipeline: Pipeline, ref: str) -> None:
    del pipeline.history.offered[ref]


@pytest.mark.parametrize("happened", [moved, gone])
def test_proposal_that_moved_meanwhile_is_left_to_the_next_run(
    happened: Callable[[Pipeline, str], None],
) -> None:
    pipeline = Pipeline()
    proposal = propose(pipeline, {**pipeline.main.files, "README.md": b"new\n"})
    happened(pipeline, proposal.ref)

    assert cleared(pipeline) == {}


def test_commit_that_an_event_is_at_is_left_to_the_event() -> None:
    pipeline = Pipeline()
    harmless = propose(pipeline, {**pipeline.main.files, "README.md": b"new\n"}, number=7)
    signed = propose(pipeline, changed_artifact(pipeline.main).files, number=8)
    for number, proposal in enumerate((harmless, signed)):
        pipeline.history.move([Move(branch=f"sign/{number}", old=None, new=proposal.head)])

    assert cleared(pipeline) == {}


def test_one_that_fails_does_not_stop_the_others_and_is_a_problem_until_it_works() -> None:
    pipeline = Pipeline()
    pipeline.start()
    older = propose(pipeline, {**pipeline.main.files, "one": b"1"}, number=7)
    newer = propose(pipeline, {**pipeline.main.files, "two": b"2"}, number=8)
    pipeline.forge.fault = Fault(
        nth=1, when=When.BEFORE, operation="clear", error=ForgeFailed("no")
    )

    (step,) = signing_events(pipeline.place)

    assert (step.job, str(step.problem)) == ("other-changes", f"no; {ForgeFailed.hint}")
    assert list(pipeline.forge.cleared) == [older.head]
    (step,) = signing_events(pipeline.place)
    assert (step.said, step.problem) == ("2 of 2 may be merged", None)
    assert list(pipeline.forge.cleared) == [older.head, newer.head]
    assert pipeline.forge.problems() == {}


def test_run_without_others_says_nothing_of_them() -> None:
    pipeline = Pipeline()
    pipeline.start()

    assert list(signing_events(pipeline.place)) == []
