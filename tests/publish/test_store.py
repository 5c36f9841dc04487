"""The contract of the port `Store`, against the fake and the folder, and the folder's own."""

import errno
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support.memory_store import Fault, MemoryStore

from tufline.repository.publish import (
    Cache,
    DirectoryStore,
    NoSpace,
    NoSuchObject,
    NotThere,
    ReadOnlyStore,
    Store,
    StoreFailed,
    UnsafeName,
)


def put(store: Store, name: str, data: bytes) -> None:
    store.put(name, data, media_type="application/json", cache=Cache.IMMUTABLE)


def files_below(folder: Path) -> dict[str, bytes]:
    there = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in there}


@pytest.fixture(params=["memory", "directory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return MemoryStore() if request.param == "memory" else DirectoryStore(tmp_path)


@pytest.mark.parametrize("name", ["a.json", "folder/deep/er/a@b+c%20 ü.json", ".well-known/x"])
def test_what_was_put_last_is_what_one_gets(store: Store, name: str) -> None:
    put(store, name, b"one")
    put(store, name, b"two")

    assert store.get(name) == b"two"


def test_empty_file_is_a_file(store: Store) -> None:
    put(store, "empty", b"")

    assert store.get("empty") == b""


@pytest.mark.parametrize("name", ["a", "folder/a", "a/b/c/d"])
def test_missing_file_is_an_answer(store: Store, name: str) -> None:
    with pytest.raises(NoSuchObject, match=f"{name} is not in the store"):
        store.get(name)


@pytest.mark.parametrize("name", ["../a", "/a", "a/../../b", ""])
def test_name_outside_the_store_is_refused(store: Store, name: str) -> None:
    with pytest.raises(UnsafeName):
        put(store, name, b"x")
    with pytest.raises(UnsafeName):
        store.get(name)


@pytest.mark.parametrize("fault", Fault)
def test_fake_fails_as_told_and_works_again(fault: Fault) -> None:
    store = MemoryStore(fail_at=2, fault=fault)
    put(store, "a", b"1")
    with pytest.raises(StoreFailed, match="b: the connection broke"):
        put(store, "b", b"2")

    assert ("b" in store.files) is (fault is Fault.STORED)
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


def test_link_to_a_file_is_replaced_and_never_read(tmp_path: Path) -> None:
    outside, site = tmp_path / "outside", tmp_path / "site"
    outside.write_bytes(b"secret")
    site.mkdir()
    (site / "a").symlink_to(outside)
    store = DirectoryStore(site)

    with pytest.raises(StoreFailed):
        store.get("a")
    put(store, "a", b"x")
    assert store.get("a") == b"x"
    assert outside.read_bytes() == b"secret"


def test_folder_in_the_place_of_a_file_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "file").write_bytes(b"x")
    store = DirectoryStore(tmp_path)

    with pytest.raises(StoreFailed, match="a: Is a directory"):
        put(store, "a", b"x")
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

    with largest_file(1000), pytest.raises(StoreFailed, match="a: File too large"):
        put(store, "a", b"x" * 100_000)

    assert files_below(tmp_path) == {"a": b"old"}


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
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, expected: type[StoreFailed]
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", fail)

    with pytest.raises(StoreFailed) as caught:
        put(DirectoryStore(tmp_path), "a", b"x")
    assert type(caught.value) is expected
    assert os.strerror(number) in str(caught.value)
    assert list(tmp_path.iterdir()) == []
