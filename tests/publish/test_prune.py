"""What is pruned: only what nobody can need, and only when told to."""

from datetime import datetime, timedelta

import pytest
from tests.publish.scenarios import LAYOUT, delegate, published_files
from tests.support.memory_store import Fault, MemoryStore
from tests.support.published import NOW, Published

from tufline.repository.publish import (
    DirectoryStore,
    Layout,
    NotPublishable,
    StoreChanged,
    StoreFailed,
    Tag,
    UnknownDeployment,
    deploy,
    prune,
)
from tufline.repository.publish.compliance import (
    Accepted,
    listed_artifacts,
    run_client,
    store_remote,
)
from tufline.repository.state import State

AGE = timedelta(days=30)
OF_OTHERS = {
    "index.html": b"",
    "CNAME": b"",
    "3.report.json": b"",
    "metadata/README": b"",
    "targets/notes.txt": b"",
    "targets/2f.short": b"",
    "other/" + "0" * 64 + ".file": b"",
}


def history() -> tuple[State, State, State]:
    """Return three states: each replaces an artifact, the last also the delegation's."""
    repository = Published()
    first = repository.state()
    repository.put("file.txt", b"two\n")
    delegate(repository)
    repository.rotate(online=("online-2",))
    repository.sign_online(by=("online", "online-2"))
    second = repository.state()
    repository.put("file.txt", b"three\n")
    repository.sign_online()
    return first, second, repository.state()


def store_of(*states: State) -> MemoryStore:
    store = MemoryStore()
    store.files = dict(OF_OTHERS)
    for state in states:
        store.files |= published_files(state)
    return store


def pruned(
    store: MemoryStore, keep: tuple[State, ...], *, dry_run: bool = False, layout: Layout = LAYOUT
) -> tuple[str, ...]:
    return prune(store, keep=keep, layout=layout, older_than=AGE, now=NOW, dry_run=dry_run)


def test_what_no_kept_state_refers_to_goes_and_roots_stay() -> None:
    first, second, third = history()
    store = store_of(first, second, third)
    needed = published_files(second) | published_files(third)
    expected = published_files(first).keys() - needed.keys()

    gone = pruned(store, (third, second))

    assert set(gone) == expected
    assert any(name.startswith("targets/") for name in gone)
    assert {"metadata/2.targets.json", "metadata/1.snapshot.json"} <= set(gone)
    assert store.files.keys() == needed.keys() | OF_OTHERS.keys()
    root = store.files[LAYOUT.root(1)]
    outcome = run_client(
        store_remote(store, LAYOUT), root, now=NOW, artifacts=listed_artifacts(third)
    )
    assert isinstance(outcome, Accepted)


def test_dry_run_says_the_same_and_deletes_nothing() -> None:
    first, second, third = history()
    store = store_of(first, second, third)
    before = dict(store.files)

    said = prune(store, keep=(third,), layout=LAYOUT, older_than=AGE, now=NOW)

    assert store.files == before
    assert said == pruned(store, (third,))
    assert said


def test_everything_stays_where_every_state_is_kept() -> None:
    states = history()

    assert pruned(store_of(*states), states) == ()


def test_what_is_young_stays_whoever_put_it() -> None:
    first, second, third = history()
    store = store_of(first, second, third)
    store.modified = dict.fromkeys(store.files, NOW - AGE + timedelta(minutes=1))

    assert pruned(store, (third,)) == ()
    store.modified = dict.fromkeys(store.files, NOW - AGE - timedelta(minutes=1))
    assert pruned(store, (third,)) != ()


def test_metadata_at_the_base_is_pruned_and_pages_are_not() -> None:
    first, second, third = history()
    layout = Layout(metadata_dir=".")
    store = MemoryStore()
    store.files = {"index.html": b"", "status.json": b""}
    for state in (first, second, third):
        store.files |= published_files(state, layout)

    gone = pruned(store, (third,), layout=layout)

    assert {"2.targets.json", "1.snapshot.json"} <= set(gone)
    expected = published_files(third, layout).keys() | {"index.html", "status.json"}
    assert store.files.keys() == expected


def test_role_whose_file_is_gone_keeps_the_metadata_that_snapshot_names() -> None:
    repository = Published()
    delegate(repository)
    before = repository.state()
    role = next(role for role in repository.roles() if role != "targets")
    del repository.files[f"metadata/{role}.json"]
    repository.sign_online()
    store = store_of(before, repository.state())

    gone = pruned(store, (repository.state(),))

    assert f"metadata/2.{role}.json" not in gone
    assert f"metadata/2.{role}.json" in store.files or f"metadata/3.{role}.json" in store.files


@pytest.mark.parametrize("timestamp", [None, b"<html>", b'{"": ""}', b"of another state"])
def test_store_of_an_unknown_state_is_not_touched(timestamp: bytes | None) -> None:
    first, second, third = history()
    store = store_of(first, second)
    if timestamp is None:
        del store.files[LAYOUT.timestamp]
    elif timestamp != b"of another state":
        store.files[LAYOUT.timestamp] = timestamp
    before = dict(store.files)

    with pytest.raises(UnknownDeployment, match=r"timestamp\.json in the store is of no state"):
        pruned(store, (third,))
    assert store.files == before


@pytest.mark.parametrize("path", ["metadata/snapshot.json", "metadata/targets.json"])
def test_state_that_cannot_be_read_stops_it(path: str) -> None:
    repository = Published()
    good = repository.state()
    repository.files[path] = b"{}"
    store = store_of(good)

    with pytest.raises(NotPublishable, match=path):
        pruned(store, (good, repository.state()))
    assert store.files == store_of(good).files


class BusyStore(MemoryStore):
    """A store that somebody publishes to while we delete."""

    def delete(self, name: str, tag: Tag) -> None:
        super().delete(name, tag)
        self.files[LAYOUT.timestamp] = b"newer"


def test_publishing_meanwhile_is_noticed() -> None:
    first, second, third = history()
    store = BusyStore()
    store.files = store_of(first, second, third).files

    with pytest.raises(StoreChanged):
        pruned(store, (third,))


@pytest.mark.parametrize("fault", Fault)
def test_killed_at_any_deletion_and_run_again_completes(fault: Fault) -> None:
    first, second, third = history()
    undisturbed = store_of(first, second, third)
    gone = pruned(undisturbed, (third,))

    for failing in range(1, len(gone) + 1):
        store = MemoryStore(fail_at=failing, fault=fault)
        store.files = store_of(first, second, third).files
        with pytest.raises(StoreFailed):
            pruned(store, (third,))
        pruned(store, (third,))
        assert store.files == undisturbed.files


def test_folder_is_pruned_of_what_killed_publishers_left(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    first, second, third = history()
    folder = tmp_path_factory.mktemp("site")
    store = DirectoryStore(folder)
    for before, state in ((None, first), (first, second), (second, third)):
        deploy(store, before, state, layout=LAYOUT)
    left = folder / "metadata" / ".0123456789abcdef.tmp"
    left.write_bytes(b"half")
    later = datetime.now(NOW.tzinfo) + AGE + timedelta(days=1)

    gone = prune(store, keep=(third,), layout=LAYOUT, older_than=AGE, now=later, dry_run=False)

    assert "metadata/.0123456789abcdef.tmp" in gone
    assert {each.name for each in store.listing()} >= published_files(third).keys()
    assert not {each.name for each in store.listing()} & set(gone)
