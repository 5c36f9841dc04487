import pytest
from tests.publish.scenarios import (
    LAYOUT,
    before_and_after,
    change_content,
    change_targets_people,
    delegate,
    published_files,
    renew_timestamp,
    replace_online_key,
    store_with,
)
from tests.support.memory_store import MemoryStore
from tests.support.published import Published

from tufline.repository.publish import (
    Cache,
    NotPublishable,
    Overwrite,
    Rollback,
    StopsClients,
    StoreChanged,
    Tag,
    UnsafeName,
    deploy,
)


def test_rollback_of_timestamp_is_refused() -> None:
    before, after = before_and_after(renew_timestamp)
    store = store_with(after)

    with pytest.raises(Rollback, match="timestamp version 2 is deployed, version 1 is to be"):
        deploy(store, None, before, layout=LAYOUT)
    assert store.puts == []


def test_rollback_of_root_is_refused() -> None:
    before, after = before_and_after(replace_online_key)
    store = store_with(before)
    store.files[LAYOUT.root(2)] = published_files(after)[LAYOUT.root(2)]

    with pytest.raises(Rollback, match="root version 2 is deployed, version 1"):
        deploy(store, before, before, layout=LAYOUT)


def test_rollback_of_a_role_is_refused_without_knowing_the_deployed_state() -> None:
    before, after = before_and_after(delegate)
    repository = Published()
    repository.sign_online()
    repository.sign_online()
    store = store_with(after)

    with pytest.raises(Rollback, match=r"x version 3 is deployed, no version of it is"):
        deploy(store, before, repository.state(), layout=LAYOUT)


def test_same_timestamp_version_with_other_bytes_is_refused() -> None:
    before, _ = before_and_after(change_content)
    repository = Published()
    del repository.files["metadata/timestamp.json"]
    repository.sign_online()
    other = repository.state()

    with pytest.raises(Overwrite, match="timestamp version 1 is published already"):
        deploy(store_with(before), None, other, layout=LAYOUT)


@pytest.mark.parametrize("data", [b"{}", b'""', b""])
def test_versioned_file_with_other_bytes_is_never_overwritten(data: bytes) -> None:
    before, after = before_and_after(change_content)
    store = store_with(before)
    store.files["metadata/4.targets.json"] = data

    with pytest.raises(Overwrite, match=r"metadata/4\.targets\.json is published already"):
        deploy(store, before, after, layout=LAYOUT)
    assert store.files["metadata/4.targets.json"] == data
    assert store.files[LAYOUT.timestamp] == published_files(before)[LAYOUT.timestamp]


class BusyStore(MemoryStore):
    """A store to which somebody else publishes as soon as we have put our first file."""

    other = b"the timestamp of somebody else"

    def put(
        self, name: str, data: bytes, *, media_type: str, cache: Cache, replaces: Tag | None = None
    ) -> None:
        super().put(name, data, media_type=media_type, cache=cache, replaces=replaces)
        self.files[LAYOUT.timestamp] = self.other


def test_timestamp_of_another_publisher_is_not_replaced() -> None:
    before, after = before_and_after(change_content)
    store = BusyStore()
    store.files = published_files(before)

    with pytest.raises(StoreChanged, match=r"metadata/timestamp\.json was published by somebody"):
        deploy(store, before, after, layout=LAYOUT)
    assert store.files[LAYOUT.timestamp] == BusyStore.other


def test_state_that_stops_clients_is_refused_before_anything_is_written() -> None:
    before, after = before_and_after(change_targets_people)
    store = store_with(before)

    with pytest.raises(StopsClients, match="targets version 3 does not verify under root 1"):
        deploy(store, before, after, layout=LAYOUT)
    assert store.puts == []

    deploy(store, before, after, layout=LAYOUT, emergency=True)
    assert store.puts[0].name == LAYOUT.root(2)


@pytest.mark.parametrize(
    ("path", "data", "message"),
    [
        ("metadata/timestamp.json", None, "metadata/timestamp.json: is missing"),
        ("metadata/snapshot.json", b"{}", "metadata/snapshot.json: not TUF metadata: no object"),
        ("metadata/root_history/1.root.json", None, "1.root.json: is missing"),
        ("metadata/targets.json", None, "metadata/targets.json: is missing"),
        ("targets/file.txt", None, "targets/file.txt: is missing"),
    ],
)
def test_incomplete_state_is_refused(path: str, data: bytes | None, message: str) -> None:
    repository = Published()
    del repository.files[path]
    if data is not None:
        repository.files[path] = data
    store = MemoryStore()

    with pytest.raises(NotPublishable, match=message):
        deploy(store, None, repository.state(), layout=LAYOUT)
    assert store.puts == []


def test_targets_that_snapshot_does_not_name_is_refused() -> None:
    repository = Published()
    repository.renew("targets")

    with pytest.raises(NotPublishable, match="is version 3, but snapshot names 2"):
        deploy(MemoryStore(), None, repository.state(), layout=LAYOUT)


def test_artifact_outside_the_store_is_refused() -> None:
    repository = Published()
    repository.put("../escape.txt", b"x")
    repository.sign_online()
    store = MemoryStore()

    with pytest.raises(UnsafeName, match=r"targets/\.\./"):
        deploy(store, None, repository.state(), layout=LAYOUT)
    assert LAYOUT.timestamp not in store.files
