"""The contract of the port `Store`, for the fake and the folder, and what is the folder's own."""

import errno
import fcntl
import os
import resource
import shutil
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support.memory_store import Fault, MemoryStore
from tests.support.stores.contract import PlaceContract, StoreContract, put, tag_of

from tufline.repository.publish import (
    DirectoryStore,
    NoSpace,
    NotThere,
    ReadOnlyStore,
    Store,
    StoreChanged,
    StoreFailed,
)


def files_below(folder: Path) -> dict[str, bytes]:
    there = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in there}


class TestMemory(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()


class TestDirectory(StoreContract, PlaceContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return DirectoryStore(tmp_path)

    @pytest.fixture
    def missing(self, tmp_path: Path) -> Store:
        return DirectoryStore(tmp_path / "missing")


@pytest.mark.parametrize("fault", Fault)
def test_fake_fails_as_told_and_works_again(fault: Fault) -> None:
    store = MemoryStore(fail_at=2, fault=fault)
    put(store, "a", b"1")
    with pytest.raises(StoreFailed, match="b: the connection broke"):
        put(store, "b", b"2")

    assert ("b" in store.files) is (fault is Fault.STORED)
    if fault is Fault.LOST:
        put(store, "b", b"2")
    assert store.files == {"a": b"1", "b": b"2"}


def test_folder_that_is_missing_is_not_created(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path / "site")

    with pytest.raises(NotThere, match="site: no such folder"):
        put(store, "metadata/a", b"x")
    with pytest.raises(NotThere):
        store.get("metadata/a")
    assert list(tmp_path.iterdir()) == []


def test_folder_that_goes_away_is_noticed(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    store = DirectoryStore(site)
    put(store, "a", b"x")
    site.rename(tmp_path / "elsewhere")

    with pytest.raises(NotThere):
        put(store, "a", b"y")
    with pytest.raises(NotThere):
        store.get("a")


def test_files_are_readable_as_the_umask_says(tmp_path: Path) -> None:
    earlier = os.umask(0o022)
    try:
        put(DirectoryStore(tmp_path), "folder/a", b"x")
    finally:
        os.umask(earlier)

    assert stat.S_IMODE((tmp_path / "folder" / "a").stat().st_mode) == 0o644


@pytest.mark.parametrize("name", ["link/a", "link/deeper/a"])
def test_link_to_a_folder_is_not_followed(tmp_path: Path, name: str) -> None:
    outside, site = tmp_path / "outside", tmp_path / "site"
    (outside / "deeper").mkdir(parents=True)
    (outside / "a").write_bytes(b"secret")
    site.mkdir()
    (site / "link").symlink_to(outside)

    with pytest.raises(StoreFailed, match="is not a folder of the store itself"):
        put(DirectoryStore(site), name, b"x")
    with pytest.raises(StoreFailed, match="is not a folder of the store itself"):
        DirectoryStore(site).get(name)
    assert files_below(outside) == {"a": b"secret"}


def test_link_to_a_file_is_neither_read_nor_replaced(tmp_path: Path) -> None:
    outside, site = tmp_path / "outside", tmp_path / "site"
    outside.write_bytes(b"secret")
    site.mkdir()
    (site / "a").symlink_to(outside)
    store = DirectoryStore(site)

    with pytest.raises(StoreFailed):
        store.get("a")
    with pytest.raises(StoreChanged):
        put(store, "a", b"x")
    assert list(store.listing()) == []
    assert outside.read_bytes() == b"secret"


def test_folder_in_the_place_of_a_file_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "file").write_bytes(b"x")
    store = DirectoryStore(tmp_path)

    with pytest.raises(StoreChanged):
        put(store, "a", b"x")
    with pytest.raises(StoreFailed, match="a: Is a directory"):
        store.get("a")
    with pytest.raises(StoreFailed, match="file: is not a folder"):
        put(store, "file/a", b"x")
    assert files_below(tmp_path) == {"file": b"x"}


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_write_that_fails_half_way_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    put(store, "a", b"old")

    with largest_file(1000):
        with pytest.raises(StoreFailed, match="a: File too large"):
            put(store, "a", b"x" * 100_000, tag_of(store, "a"))
        with pytest.raises(StoreFailed, match="b: File too large"):
            put(store, "b", b"x" * 100_000)

    assert files_below(tmp_path) == {"a": b"old"}


@pytest.mark.parametrize("replaced", [False, True], ids=["new", "replaced"])
@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, NoSpace),
        (errno.EDQUOT, NoSpace),
        (errno.EROFS, ReadOnlyStore),
        (errno.EACCES, ReadOnlyStore),
        (errno.EIO, StoreFailed),
    ],
)
def test_failure_of_the_system_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    expected: type[StoreFailed],
    *,
    replaced: bool,
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    store = DirectoryStore(tmp_path)
    put(store, "old", b"old")
    tag = tag_of(store, "old")
    monkeypatch.setattr(os, "replace" if replaced else "link", fail)

    with pytest.raises(StoreFailed) as caught:
        put(store, "old" if replaced else "new", b"x", tag if replaced else None)
    assert type(caught.value) is expected
    assert os.strerror(number) in str(caught.value)
    assert files_below(tmp_path) == {"old": b"old"}


def test_what_goes_away_while_it_is_listed_is_left_out(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    for name in ("a/x", "b/x", "c/x"):
        put(store, name, b"x")
    listing = store.listing()
    first = next(listing).name
    for folder in {"a", "b", "c"} - {first.partition("/")[0]}:
        shutil.rmtree(tmp_path / folder)

    assert list(listing) == []


def test_publisher_that_waits_for_another_sees_what_it_did(tmp_path: Path) -> None:
    store, other = DirectoryStore(tmp_path), DirectoryStore(tmp_path)
    put(store, "a", b"one")
    tag = tag_of(store, "a")
    with ThreadPoolExecutor(1) as pool:
        handle = os.open(tmp_path, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
        waiting = pool.submit(put, other, "a", b"three", tag)
        assert not wait([waiting], timeout=0.2).done
        (tmp_path / "a").write_bytes(b"two")
        os.close(handle)

        with pytest.raises(StoreChanged):
            waiting.result()
    assert store.get("a") == b"two"
