"""What is signed, when, and in which version; for first runs and new keys see their own files."""

from datetime import timedelta

import pytest
from tests.jobs.arranging import changed_artifact, started
from tests.support.pipeline import DAY, SETTINGS, Pipeline, first_main
from tests.support.sample import NOW

from tufline.online_sign._ground import Ground
from tufline.online_sign._issue import Unreadable, issue
from tufline.online_sign._run import Run
from tufline.repository.errors import Race
from tufline.repository.format import Document
from tufline.repository.history import Move, Moved
from tufline.repository.state import MemoryFiles, State

# what is due


def test_nothing_changed_so_nothing_is_signed_and_no_key_is_used() -> None:
    pipeline = started()
    used = list(pipeline.keys.used)

    outcome = pipeline.online_sign()

    assert (outcome.signed, outcome.moved, pipeline.keys.used) == ((), False, used)


@pytest.mark.parametrize(
    ("after", "signed"),
    [
        (timedelta(days=4, seconds=-1), ()),
        (timedelta(days=4), ("timestamp",)),
        (timedelta(days=15, seconds=-1), ("timestamp",)),
        (timedelta(days=15), ("snapshot", "timestamp")),
    ],
)
def test_each_is_renewed_when_its_signing_period_begins(
    after: timedelta, signed: tuple[str, ...]
) -> None:
    pipeline = started()
    pipeline.now += after

    assert pipeline.online_sign().signed == signed


def test_snapshot_stays_byte_for_byte_while_only_the_timestamp_is_renewed() -> None:
    pipeline = started()
    before = pipeline.files(pipeline.head("publish"))["metadata/snapshot.json"]
    pipeline.now += 5 * DAY
    pipeline.online_sign()

    assert pipeline.files(pipeline.head("publish"))["metadata/snapshot.json"] == before


def test_new_content_is_one_commit_that_merges_main() -> None:
    pipeline = started()
    before = pipeline.head("publish")
    pipeline.merge_by_force(changed_artifact(pipeline.main))

    outcome = pipeline.online_sign()

    assert outcome.signed == ("snapshot", "timestamp")
    parents = pipeline.history.info(outcome.publish).parents
    assert parents == (before, pipeline.head("main"))
    assert pipeline.files(outcome.publish)["targets/file.txt"] == b"two\n"
    assert (pipeline.version("snapshot"), pipeline.version("timestamp")) == (2, 2)


def test_main_that_changed_nothing_signed_is_taken_without_a_signature() -> None:
    pipeline = started()
    used = list(pipeline.keys.used)
    main = pipeline.main.copy()
    main.files["tufline.toml"] = SETTINGS + b"[merge]\nat-threshold = true\n"
    main.files["README.md"] = b"about\n"
    pipeline.merge_by_force(main)

    outcome = pipeline.online_sign()

    assert (outcome.signed, outcome.moved, pipeline.keys.used) == ((), True, used)
    assert pipeline.files(outcome.publish)["README.md"] == b"about\n"
    assert pipeline.history.info(outcome.publish).message.startswith("Sign nothing new\n")


# versions


def test_import_continues_the_versions_that_main_holds_and_leaves_its_files() -> None:
    main = first_main()
    for _ in range(3):
        main.sign_online()
    main.put("file.txt", b"two\n")
    pipeline = Pipeline(main=main)

    outcome = pipeline.online_sign()

    assert outcome.signed == ("snapshot", "timestamp")
    assert (pipeline.version("snapshot"), pipeline.version("timestamp")) == (4, 4)
    assert pipeline.version("snapshot", "main") == 3
    assert pipeline.files(pipeline.head("main")) == main.files


def test_import_whose_online_metadata_still_serves_is_published_as_it_is() -> None:
    main = first_main()
    main.sign_online(days=30)
    pipeline = Pipeline(main=main)

    outcome = pipeline.online_sign()

    assert (outcome.signed, pipeline.keys.used) == ((), [])
    assert pipeline.files(outcome.publish) == main.files


def test_later_runs_never_touch_the_online_metadata_on_main() -> None:
    main = first_main()
    main.sign_online()
    pipeline = Pipeline(main=main)
    pipeline.online_sign()
    pipeline.now += 5 * DAY
    pipeline.online_sign()
    pipeline.merge_by_force(changed_artifact(main))
    pipeline.online_sign()

    assert (pipeline.version("timestamp"), pipeline.version("timestamp", "main")) == (4, 1)
    assert (
        pipeline.files(pipeline.head("main"))["metadata/timestamp.json"]
        == main.files["metadata/timestamp.json"]
    )


def test_versions_continue_from_what_is_deployed() -> None:
    other = started(publish=True)
    for _ in range(2):
        other.now += 15 * DAY
        other.main.edit("targets", now=NOW)
        other.merge_by_force(other.main)
        other.online_sign()
        other.publish()
    pipeline = started(publish=True)
    pipeline.stores = other.stores
    pipeline.now += 5 * DAY
    pipeline.merge_by_force(changed_artifact(pipeline.main))

    pipeline.online_sign()

    assert (pipeline.version("snapshot"), pipeline.version("timestamp")) == (4, 4)


def test_store_that_is_not_there_yet_counts_as_nothing_deployed() -> None:
    pipeline = started()
    pipeline.stores.clear()
    pipeline.now += 5 * DAY

    assert pipeline.online_sign().signed == ("timestamp",)


# content that cannot be read


def test_content_that_cannot_be_read_is_never_signed_over() -> None:
    pipeline = started()
    state = pipeline.state("main")
    root = state.root()
    assert isinstance(root, Document)
    broken = State(MemoryFiles(pipeline.main.files | {"metadata/npm.json": b"{"}))
    ground = Ground(content=broken, known=state, elsewhere=(), roots=(root,), witnesses=(), now=NOW)

    with pytest.raises(Unreadable, match="the metadata of npm cannot be read"):
        issue(ground, Run(pipeline.keys))


# races


def test_lost_race_starts_again_from_the_new_head() -> None:
    pipeline = started()
    pipeline.merge_by_force(changed_artifact(pipeline.main))
    move, faster = pipeline.history.move, []

    def move_after_somebody_faster(moves: list[Move]) -> None:
        pipeline.history.move = move
        pipeline.now += timedelta(seconds=1)
        faster.append(pipeline.online_sign())
        move(moves)

    pipeline.history.move = move_after_somebody_faster
    outcome = pipeline.online_sign()

    assert (outcome.moved, outcome.signed) == (False, ())
    assert outcome.publish == faster[0].publish == pipeline.head("publish")


def test_race_that_is_always_lost_ends_with_a_word() -> None:
    pipeline = started()
    pipeline.now += 5 * DAY

    def always_moved(moves: list[Move]) -> None:
        raise Moved(moves[0].branch)

    pipeline.history.move = always_moved

    with pytest.raises(Race, match="publish moved 5 times while it was signed"):
        pipeline.online_sign()
