"""Publishing: judged in full, tried on staging, and only then for everybody."""

import pytest
from tests.jobs.arranging import changed_artifact, replace_online_key, started, with_settings
from tests.support.memory_store import Fault, MemoryStore
from tests.support.pipeline import DAY, SETTINGS, Pipeline, first_main
from tests.support.sample import Sample

from tufline.repository import site
from tufline.repository.history import NoSuchRef
from tufline.repository.jobs.publishing import (
    ClientRefused,
    NotPublished,
    NowhereToPublish,
    build,
    deployed_now,
)
from tufline.repository.publish import (
    Deployed,
    Deployment,
    NotThere,
    Overwrite,
    Rollback,
    StoreFailed,
)
from tufline.repository.publish.compliance import Accepted


def with_new_content(data: bytes = b"two\n") -> Pipeline:
    """Return a pipeline with one published state, and the next one signed online."""
    pipeline = started(publish=True)
    pipeline.merge_by_force(changed_artifact(pipeline.main, data))
    pipeline.online_sign()
    return pipeline


def test_staging_and_production_end_equal_and_clients_follow() -> None:
    pipeline = with_new_content()

    done = pipeline.publish()

    assert done.commit == pipeline.head("publish")
    assert done.staging == done.production
    assert pipeline.stores["staging"].files == pipeline.stores["production"].files
    answer = pipeline.refresh_client()
    assert isinstance(answer, Accepted)
    assert answer.versions.targets == 2


def test_second_publication_writes_nothing() -> None:
    pipeline = with_new_content()
    pipeline.publish()

    assert pipeline.publish().production.written == 0


def test_staging_may_be_left_out() -> None:
    main = first_main()
    main.files["tufline.toml"] = b'[publish]\nproduction = "production"\n'
    pipeline = Pipeline(main=main)
    pipeline.start()

    assert pipeline.publish().staging is None
    assert pipeline.stores["staging"].files == {}
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_metadata_lies_where_the_settings_say() -> None:
    main = first_main()
    main.files["tufline.toml"] = SETTINGS + b'metadata-dir = "."\n'
    pipeline = Pipeline(main=main)
    pipeline.start(publish=True)

    assert "timestamp.json" in pipeline.stores["production"].files


def test_nowhere_to_publish_is_said_before_anything_is_judged() -> None:
    main = first_main()
    main.files["tufline.toml"] = b'[publish]\nstaging = "staging"\n'
    pipeline = Pipeline(main=main)
    pipeline.start()

    with pytest.raises(NowhereToPublish):
        pipeline.publish()
    assert pipeline.stores["staging"].files == {}


def test_without_a_publish_branch_there_is_nothing_to_publish() -> None:
    pipeline = Pipeline()

    with pytest.raises(NoSuchRef, match="publish"):
        pipeline.publish()
    assert deployed_now(pipeline.history, open_store=pipeline.open_store) == Deployed()


def test_client_that_refuses_staging_leaves_production_untouched() -> None:
    pipeline = with_new_content()
    before = dict(pipeline.stores["production"].files)
    damaged = _LosesArtifacts()
    damaged.files = pipeline.stores["staging"].files
    pipeline.stores["staging"] = damaged

    with pytest.raises(ClientRefused, match="a client refuses the staging store: "):
        pipeline.publish()

    assert pipeline.stores["production"].files == before


class _LosesArtifacts(MemoryStore):
    """A store that keeps metadata only, and says nothing."""

    def get(self, name: str) -> bytes:
        data = super().get(name)
        return b"damaged" if name.startswith("targets/") else data


def test_publish_branch_that_was_tampered_with_is_refused() -> None:
    pipeline = with_new_content()
    files = pipeline.files(pipeline.head("publish"))
    before = {name: dict(store.files) for name, store in pipeline.stores.items()}
    tampered = Sample.__new__(Sample)
    tampered.files, tampered.kinds = files | {"targets/file.txt": b"evil\n"}, {}
    pipeline.commit("publish", tampered.files)

    with pytest.raises(NotPublished, match="artifact-content") as caught:
        pipeline.publish()

    assert caught.value.review.errors
    assert {name: store.files for name, store in pipeline.stores.items()} == before


@pytest.mark.parametrize("role", ["timestamp", "snapshot"])
def test_expired_online_metadata_is_not_published(role: str) -> None:
    pipeline = started()
    pipeline.now += 8 * DAY if role == "timestamp" else 31 * DAY

    with pytest.raises(NotPublished, match=role):
        pipeline.publish()


@pytest.mark.parametrize("fault", Fault)
def test_failed_deployment_is_mended_by_the_next_run(fault: Fault) -> None:
    pipeline = with_new_content()
    expected = pipeline.copy()
    expected.publish()
    store = MemoryStore(fail_at=2, fault=fault)
    store.files = pipeline.stores["production"].files
    pipeline.stores["production"] = store
    with pytest.raises(StoreFailed):
        pipeline.publish()

    pipeline.publish()

    assert pipeline.stores["production"].files == expected.stores["production"].files


def test_attack_rolled_back_staging_heals() -> None:
    pipeline = started(publish=True)
    old = dict(pipeline.stores["staging"].files)
    pipeline.merge_by_force(changed_artifact(pipeline.main))
    pipeline.online_sign()
    pipeline.publish()
    good = dict(pipeline.stores["staging"].files)
    pipeline.stores["staging"].files = dict(old)

    pipeline.publish()

    assert pipeline.stores["staging"].files == good
    assert isinstance(pipeline.refresh_client(store="staging"), Accepted)


def test_attack_older_publish_branch_does_not_replace_what_is_deployed() -> None:
    pipeline = started(publish=True)
    older = pipeline.copy()
    pipeline.merge_by_force(changed_artifact(pipeline.main))
    pipeline.online_sign()
    pipeline.publish()
    older.stores = pipeline.stores
    before = dict(pipeline.stores["production"].files)

    with pytest.raises(Rollback, match="timestamp version 2 is deployed, version 1"):
        older.publish()

    assert pipeline.stores["production"].files == before


def test_attack_changed_file_in_the_store_is_not_papered_over() -> None:
    pipeline = with_new_content()
    pipeline.stores["staging"].files["metadata/2.targets.json"] = b"{}"

    with pytest.raises(Overwrite, match=r"metadata/2\.targets\.json"):
        pipeline.publish()


def test_missing_store_is_named_and_never_created() -> None:
    pipeline = started()
    del pipeline.stores["production"]

    with pytest.raises(NotThere, match="production"):
        pipeline.publish()


def test_every_state_of_a_root_rotation_can_be_published_in_one_go() -> None:
    pipeline = started(publish=True)
    main = pipeline.main.copy()
    for _ in range(3):
        main.edit("root")
    replace_online_key(main)
    pipeline.merge_by_force(main)
    pipeline.online_sign()
    pipeline.publish()

    answer = pipeline.refresh_client()
    assert isinstance(answer, Accepted)
    assert answer.versions.root == 5


def test_declared_emergency_is_taken_from_known_good() -> None:
    pipeline = Pipeline(main=with_settings(b"[review]\nemergency-roots = [2]\n"))
    pipeline.start(publish=True)
    main = pipeline.main.copy()
    replace_online_key(main)
    pipeline.merge_by_force(main)
    pipeline.keys.missing.add("file2:online")
    pipeline.online_sign()
    before = len(pipeline.stores["production"].puts)

    pipeline.publish()

    names = [put.name for put in pipeline.stores["production"].puts[before:]]
    assert names[0] == "metadata/2.root.json"


# build and check


def test_build_fills_an_empty_store_and_then_writes_only_what_changed() -> None:
    pipeline = started()
    store = MemoryStore()
    first = build(pipeline.history, store).deployment
    again = build(pipeline.history, store).deployment
    pipeline.merge_by_force(changed_artifact(pipeline.main))
    pipeline.online_sign()
    changed = build(pipeline.history, store).deployment

    assert first == Deployment(written=len(store.files) - 3, unchanged=0)
    assert again.written == 0
    names = [put.name.rpartition("/")[2] for put in store.puts[first.written :]]
    assert names[1:] == ["2.targets.json", "2.snapshot.json", "timestamp.json"]
    assert changed.written == 4


def test_page_that_cannot_be_made_is_told_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_: object) -> None:
        raise ValueError("no such template")

    pipeline = with_new_content()
    monkeypatch.setattr(site, "site_files", broken)

    done = pipeline.publish()

    assert done.inconclusive == ("the page could not be made: ValueError: no such template",)
    assert isinstance(pipeline.refresh_client(), Accepted)
