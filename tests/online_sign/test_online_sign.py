"""What is signed, when, in which version, and under which roots."""

from datetime import timedelta

import pytest
from tests.jobs.scenarios import changed_artifact, replace_online_key, started, with_settings
from tests.support.memory_store import Fault, MemoryStore
from tests.support.pipeline import DAY, SETTINGS, Pipeline, first_main, root_digest
from tests.support.sample import NOW, ONLINE, Sample, key_for

from tufline.online_sign._ground import Ground
from tufline.online_sign._issue import Unreadable, issue
from tufline.online_sign._not_signed import NotSigned
from tufline.online_sign._run import Run
from tufline.online_sign.job import MainRefused, RootNotConfirmed
from tufline.repository.errors import Race
from tufline.repository.format import Document
from tufline.repository.history import Move, Moved
from tufline.repository.publish import StoreFailed
from tufline.repository.publish.compliance import Accepted
from tufline.repository.settings import InvalidSettings
from tufline.repository.state import MemoryFiles, State

NEXT = "file2:next"


def signers_of(pipeline: Pipeline, role: str) -> set[str]:
    """Return the online keys whose signature on the role's metadata verifies, by python-tuf."""
    data = pipeline.files(pipeline.head("publish"))[f"metadata/{role}.json"]
    sample = Sample.__new__(Sample)
    sample.files = {f"metadata/{role}.json": data}
    metadata = sample.load(role)
    found = set()
    for uri in (ONLINE, NEXT):
        key = key_for(uri)
        if key.keyid in metadata.signatures:
            key.verify_signature(metadata.signatures[key.keyid], metadata.signed_bytes)
            found.add(uri)
    return found


# the first run


def test_first_run_names_the_digest_that_a_person_must_confirm() -> None:
    pipeline = Pipeline()
    digest = root_digest(pipeline.main)

    with pytest.raises(RootNotConfirmed) as caught:
        pipeline.online_sign(confirmed_root=None)

    assert str(caught.value) == f"root 1 with SHA-256 {digest} was not confirmed"
    assert caught.value.hint is not None
    assert f"--confirm-root {digest}" in caught.value.hint
    assert "publish" not in pipeline.history.branches()


def test_first_run_refuses_another_digest() -> None:
    pipeline = Pipeline()

    with pytest.raises(RootNotConfirmed):
        pipeline.online_sign(confirmed_root="0" * 64)

    assert "publish" not in pipeline.history.branches()


def test_first_run_takes_the_digest_in_capitals_and_later_runs_need_none() -> None:
    pipeline = Pipeline()
    pipeline.online_sign(confirmed_root=root_digest(pipeline.main).upper())

    assert pipeline.online_sign(confirmed_root=None).moved is False


def test_first_run_on_refused_main_names_everything_that_is_wrong() -> None:
    main = first_main()
    main.sign("targets", main.load("targets"), [])
    main.files["targets/npm/keys.json"] = b"other"
    pipeline = Pipeline(main=main)

    with pytest.raises(MainRefused) as caught:
        pipeline.online_sign()

    assert "unsigned: targets" in str(caught.value)
    assert "artifact-content" in str(caught.value)
    assert "publish" not in pipeline.history.branches()


def test_first_run_confirms_the_oldest_root_that_verifies() -> None:
    main = first_main()
    main.edit("root")
    main.edit("root")
    stranger = Sample()
    broken = stranger.load("root")
    broken.signatures.clear()
    main.files["metadata/root_history/1.root.json"] = broken.to_bytes()
    pipeline = Pipeline(main=main)

    with pytest.raises(RootNotConfirmed) as caught:
        pipeline.online_sign(confirmed_root=None)

    assert str(caught.value).startswith("root 2 with SHA-256 " + root_digest(main, 2))


def test_first_run_confirms_the_oldest_root_that_the_settings_name() -> None:
    main = with_settings(b"[review]\noldest-root = 2\n")
    main.edit("root")
    main.edit("root")
    pipeline = Pipeline(main=main)

    with pytest.raises(RootNotConfirmed, match="root 2 "):
        pipeline.online_sign(confirmed_root=None)


def test_first_run_with_unreadable_settings_says_so() -> None:
    main = first_main()
    main.files["tufline.toml"] = b"x"

    with pytest.raises(InvalidSettings):
        Pipeline(main=main).online_sign()


def test_first_run_signs_both_and_keeps_main_s_history() -> None:
    pipeline = Pipeline()

    outcome = pipeline.online_sign()

    assert outcome.signed == ("snapshot", "timestamp")
    assert (pipeline.version("snapshot"), pipeline.version("timestamp")) == (1, 1)
    assert pipeline.history.info(outcome.publish).parents == (pipeline.head("main"),)
    files = pipeline.files(outcome.publish)
    assert files.items() >= pipeline.main.files.items()


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


# roots and keys


def test_new_online_key_signs_together_with_the_old_one() -> None:
    pipeline = started(publish=True)
    changed = pipeline.main.copy()
    replace_online_key(changed, NEXT)
    pipeline.merge_by_force(changed)

    outcome = pipeline.online_sign()

    assert outcome.signed == ("snapshot", "timestamp")
    assert signers_of(pipeline, "timestamp") == signers_of(pipeline, "snapshot") == {ONLINE, NEXT}
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_once_the_new_root_is_deployed_the_old_key_signs_no_more() -> None:
    pipeline = started(publish=True)
    changed = pipeline.main.copy()
    replace_online_key(changed, NEXT)
    pipeline.merge_by_force(changed)
    pipeline.online_sign()
    pipeline.publish()
    pipeline.keys.missing.add(ONLINE)
    pipeline.now += 5 * DAY

    assert pipeline.online_sign().signed == ("timestamp",)
    assert signers_of(pipeline, "timestamp") == {NEXT}
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_deployed_root_that_lags_behind_is_still_served_by_its_key() -> None:
    pipeline = started(publish=True)
    changed = pipeline.main.copy()
    replace_online_key(changed, NEXT)
    pipeline.merge_by_force(changed)
    pipeline.online_sign()
    _publish_all_but_the_new_root(pipeline)
    pipeline.now += 5 * DAY

    assert pipeline.online_sign().signed == ("timestamp",)

    assert signers_of(pipeline, "timestamp") == {ONLINE, NEXT}
    assert isinstance(pipeline.refresh_client(at=NOW), Accepted)
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def _publish_all_but_the_new_root(pipeline: Pipeline) -> None:
    before = pipeline.copy()
    pipeline.publish()
    puts = pipeline.stores["production"].puts[len(before.stores["production"].puts) :]
    names = [put.name for put in puts]
    store = MemoryStore(fail_at=names.index("metadata/2.root.json") + 1, fault=Fault.LOST)
    store.files = before.stores["production"].files
    pipeline.stores["production"] = store
    with pytest.raises(StoreFailed, match=r"2\.root\.json"):
        pipeline.publish()


def test_lost_old_key_stops_new_content_until_an_emergency_is_declared() -> None:
    pipeline = started(publish=True)
    changed = pipeline.main.copy()
    replace_online_key(changed, NEXT)
    pipeline.merge_by_force(changed)
    pipeline.keys.missing.add(ONLINE)
    with pytest.raises(NotSigned, match=ONLINE):
        pipeline.online_sign()


def test_in_a_declared_emergency_the_new_key_alone_is_enough() -> None:
    main = with_settings(b"[review]\nemergency-roots = [2]\n")
    pipeline = Pipeline(main=main)
    pipeline.start(publish=True)
    changed = main.copy()
    replace_online_key(changed, NEXT)
    pipeline.merge_by_force(changed)
    pipeline.keys.missing.add(ONLINE)

    pipeline.online_sign()

    assert signers_of(pipeline, "timestamp") == {NEXT}
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


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
