import pytest
from tests.publish.scenarios import (
    LAYOUT,
    SCENARIOS,
    before_and_after,
    change_content,
    change_targets_people,
    delegate,
    published_files,
    renew_timestamp,
    replace_online_key,
    store_with,
    three_changes,
)
from tests.support.memory_store import LONG_AGO, Fault, MemoryStore
from tests.support.published import NOW, Published

from tufline.repository.publish import (
    Cache,
    Deployed,
    Deployment,
    DirectoryStore,
    Layout,
    StoreFailed,
    deploy,
    observed,
)
from tufline.repository.publish.compliance import Accepted, run_client, store_remote


def test_first_deployment_stores_everything_and_the_second_nothing() -> None:
    _, after = before_and_after(three_changes)
    store = MemoryStore()

    first = deploy(store, None, after, layout=LAYOUT)
    second = deploy(store, None, after, layout=LAYOUT)

    assert store.files == published_files(after)
    assert first == Deployment(written=len(store.files), unchanged=0)
    assert second == Deployment(written=0, unchanged=len(store.files))


@pytest.mark.parametrize("name", SCENARIOS)
def test_transition_ends_with_all_that_a_first_publication_would_store(name: str) -> None:
    before, after = before_and_after(SCENARIOS[name])
    store = store_with(before)

    deploy(store, before, after, layout=LAYOUT)

    assert store.files == published_files(before) | published_files(after)


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
@pytest.mark.parametrize("first", [True, False], ids=["first", "later"])
def test_killed_at_any_put_and_run_again_completes(
    fault: Fault, *, known: bool, first: bool
) -> None:
    before, after = before_and_after(three_changes)
    start = None if first else before
    undisturbed = store_with(start)
    deploy(undisturbed, start, after, layout=LAYOUT)

    for failing in range(1, len(undisturbed.puts) + 1):
        store = store_with(start, fail_at=failing, fault=fault)
        with pytest.raises(StoreFailed):
            deploy(store, start, after, layout=LAYOUT)
        deploy(store, before if known else None, after, layout=LAYOUT, now=LONG_AGO)

        assert store.files == undisturbed.files
        names = [put.name for put in store.puts]
        assert len(set(names)) == len(names)


def test_root_that_was_not_reached_goes_out_before_the_next_timestamp() -> None:
    repository = Published()
    first = repository.state()
    replace_online_key(repository)
    second = repository.state()
    repository.sign_online(by=("online-2",))
    third = repository.state()
    store = store_with(first, fail_at=3)  # after snapshot and timestamp
    with pytest.raises(StoreFailed, match=r"2\.root\.json"):
        deploy(store, first, second, layout=LAYOUT)

    deploy(store, second, third, layout=LAYOUT)

    assert [put.name for put in store.puts][-2:] == [LAYOUT.root(2), LAYOUT.timestamp]
    timestamp = observed(store, LAYOUT).timestamp
    assert timestamp is not None
    assert timestamp.signed.version == 3


def test_untouched_files_are_not_even_looked_at() -> None:
    before, after = before_and_after(renew_timestamp)
    store = store_with(before)

    result = deploy(store, before, after, layout=LAYOUT)

    assert result == Deployment(written=1, unchanged=0)
    asked = {LAYOUT.timestamp, "metadata/1.snapshot.json", LAYOUT.root(1), LAYOUT.root(2)}
    assert set(store.gets) == asked


def test_nothing_is_done_where_the_state_is_deployed() -> None:
    before, after = before_and_after(change_content)
    store = store_with(after)

    assert deploy(store, before, after, layout=LAYOUT) == Deployment(written=0, unchanged=0)


def test_missing_file_is_uploaded_again_when_nothing_is_known() -> None:
    _, after = before_and_after(delegate)
    store = store_with(after)
    lost = next(name for name in store.files if name.startswith("targets/"))
    del store.files[lost]

    deploy(store, None, after, layout=LAYOUT)

    assert [put.name for put in store.puts] == [lost]


def test_state_that_the_store_does_not_hold_is_not_believed() -> None:
    before, after = before_and_after(change_content)
    store = MemoryStore()

    deploy(store, before, after, layout=LAYOUT)

    assert store.files == published_files(after)


def test_damaged_timestamp_is_replaced() -> None:
    before, after = before_and_after(change_content)
    store = store_with(before)
    store.files[LAYOUT.timestamp] = b"<html>"

    deploy(store, before, after, layout=LAYOUT)

    assert store.files == published_files(before) | published_files(after)


def test_emergency_killed_after_the_root_completes() -> None:
    before, after = before_and_after(change_targets_people)
    store = store_with(before, fail_at=1, fault=Fault.STORED)
    with pytest.raises(StoreFailed):
        deploy(store, before, after, layout=LAYOUT, emergency=True)

    deploy(store, before, after, layout=LAYOUT, emergency=True)

    assert store.files == published_files(before) | published_files(after)


def test_media_types_and_cache_policies() -> None:
    _, after = before_and_after(delegate)
    store = MemoryStore()

    deploy(store, None, after, layout=LAYOUT)

    for put in store.puts:
        artifact = put.name.startswith("targets/")
        assert put.media_type == ("application/octet-stream" if artifact else "application/json")
        assert (put.cache is Cache.REVALIDATE) == (put.name == LAYOUT.timestamp)


def test_every_listed_hash_has_its_file_in_the_artifacts_folder() -> None:
    _, after = before_and_after(change_content)
    names = [name for name in published_files(after) if name.endswith(".new.bin")]

    assert [name.rpartition("/")[0] for name in names] == ["targets/folder/deeper"] * 2
    lengths = [len(name.rpartition("/")[2].partition(".")[0]) for name in names]
    assert lengths == [64, 128]


def test_roots_older_than_the_oldest_supported_are_not_published() -> None:
    _, after = before_and_after(replace_online_key)
    layout = Layout(oldest_root=2)
    store = MemoryStore()

    deploy(store, None, after, layout=layout)

    assert observed(store, layout).root == 2
    assert layout.root(1) not in store.files


def test_roots_that_become_supported_again_are_added() -> None:
    _, after = before_and_after(replace_online_key)
    store = MemoryStore()
    deploy(store, None, after, layout=Layout(oldest_root=2))

    deploy(store, after, after, layout=LAYOUT)

    assert store.files == published_files(after)


def test_empty_signatures_are_never_published() -> None:
    repository = Published()
    repository.rotate(people=("alice", "bob", "carol"))
    for role in ("root", "targets"):
        repository.add_empty_signature(role, "carol")
    repository.sign_online()
    store = MemoryStore()

    deploy(store, None, repository.state(), layout=LAYOUT)

    assert b'"sig": ""' in repository.files["metadata/root.json"]
    assert [name for name, data in store.files.items() if b'""' in data] == []
    outcome = run_client(store_remote(store, LAYOUT), store.files[LAYOUT.root(1)], now=NOW)
    assert isinstance(outcome, Accepted)


def test_entry_whose_file_is_gone_is_not_uploaded_and_stays_in_the_store() -> None:
    repository = Published()
    delegate(repository)
    before = repository.state()
    role = next(role for role in repository.roles() if role != "targets")
    del repository.files[f"metadata/{role}.json"]
    repository.sign_online()
    store = store_with(before)

    deploy(store, before, repository.state(), layout=LAYOUT)

    assert [put.name for put in store.puts] == ["metadata/3.snapshot.json", LAYOUT.timestamp]


def test_directory_that_was_deployed_is_accepted_by_a_client(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    before, after = before_and_after(three_changes)
    store = DirectoryStore(tmp_path_factory.mktemp("site"))

    deploy(store, None, before, layout=LAYOUT)
    deploy(store, before, after, layout=LAYOUT)

    for version in (1, 2):
        root = store.get(LAYOUT.root(version))
        artifacts = ["file.txt", "a@b.c+d-1.x/folder/file.txt"]
        remote = store_remote(store, LAYOUT)
        assert isinstance(run_client(remote, root, now=NOW, artifacts=artifacts), Accepted)


def test_deployed_file_that_has_only_an_empty_signature_more_is_left() -> None:
    repository = Published()
    repository.add_empty_signature("targets", "bob")
    store = MemoryStore()
    there = repository.files["metadata/targets.json"]
    store.files["metadata/2.targets.json"] = there

    result = deploy(store, None, repository.state(), layout=LAYOUT)

    assert result.unchanged == 1
    assert store.files["metadata/2.targets.json"] == there


def test_what_is_deployed_can_be_observed() -> None:
    _, after = before_and_after(replace_online_key)
    store = store_with(after)

    seen = observed(store, LAYOUT)

    assert seen.timestamp is not None
    assert seen.snapshot is not None
    assert (seen.root, seen.timestamp.signed.version, seen.snapshot.signed.version) == (2, 2, 2)
    assert seen.timestamp_data == store.files[LAYOUT.timestamp]


def test_nothing_is_observed_in_an_empty_store() -> None:
    seen = observed(MemoryStore(), LAYOUT)

    assert seen == Deployed()
