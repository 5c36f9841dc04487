"""The contract of the port `Store`: one set of tests for the fake and every adapter.

class TestMemory(StoreContract):
    @pytest.fixture
    def store(self) -> Store: ...           # empty
    @pytest.fixture
    def missing(self) -> Store: ...         # whose folder or bucket is not there
"""

import hashlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tufline.repository.publish import (
    Cache,
    NoSuchObject,
    NotThere,
    Store,
    StoreChanged,
    Tag,
    UnsafeName,
)

NAMES = ["a.json", "folder/deep/er/a@b+c%20 ü&=?#.json", ".well-known/x"]
UNSAFE = ["../a", "/a", "a/../../b", ""]
RIVALS = 4
ROUNDS = 10
PAGE = 1000


def put(store: Store, name: str, data: bytes, replaces: Tag | None = None) -> None:
    store.put(name, data, media_type="application/json", cache=Cache.IMMUTABLE, replaces=replaces)


def tag_of(store: Store, name: str) -> Tag:
    return store.read(name)[1]


def winners(call: Callable[[bytes], None]) -> list[bytes]:
    """Return who of several, doing the same at once, was not told that somebody was faster."""

    def try_it(data: bytes) -> bytes | None:
        try:
            call(data)
        except StoreChanged:
            return None
        return data

    rivals = [f"rival {number}".encode() for number in range(RIVALS)]
    with ThreadPoolExecutor(RIVALS) as pool:
        return [data for data in pool.map(try_it, rivals) if data is not None]


class StoreContract:
    @pytest.mark.parametrize("name", NAMES)
    def test_what_was_put_is_what_one_gets(self, store: Store, name: str) -> None:
        put(store, name, b"one")

        assert store.get(name) == b"one"
        assert store.read(name)[0] == b"one"

    def test_empty_file_is_a_file(self, store: Store) -> None:
        put(store, "empty", b"")

        assert store.get("empty") == b""

    @pytest.mark.parametrize("data", [b"two", b"one"], ids=["other", "same"])
    def test_what_is_there_is_not_replaced_unseen(self, store: Store, data: bytes) -> None:
        put(store, "a", b"one")

        with pytest.raises(StoreChanged, match="a was published by somebody else meanwhile"):
            put(store, "a", data)
        assert store.get("a") == b"one"

    def test_exactly_what_was_seen_is_replaced(self, store: Store) -> None:
        put(store, "a", b"one")
        first = tag_of(store, "a")

        put(store, "a", b"two", first)

        assert store.get("a") == b"two"
        assert tag_of(store, "a") != first

    def test_what_changed_since_it_was_seen_is_not_replaced(self, store: Store) -> None:
        put(store, "a", b"one")
        first = tag_of(store, "a")
        put(store, "a", b"two", first)

        with pytest.raises(StoreChanged):
            put(store, "a", b"three", first)
        assert store.get("a") == b"two"

    def test_what_went_away_since_it_was_seen_is_not_replaced(self, store: Store) -> None:
        put(store, "a", b"one")
        first = tag_of(store, "a")
        store.delete("a", first)

        with pytest.raises(StoreChanged):
            put(store, "a", b"two", first)
        with pytest.raises(NoSuchObject):
            store.get("a")

    @pytest.mark.parametrize("name", ["a", "folder/a", "a/b/c/d"])
    def test_missing_file_is_an_answer(self, store: Store, name: str) -> None:
        for ask in (store.get, store.read):
            with pytest.raises(NoSuchObject, match=f"{name} is not in the store"):
                ask(name)

    @pytest.mark.parametrize("name", UNSAFE)
    def test_name_outside_the_store_is_refused(self, store: Store, name: str) -> None:
        for call in (
            lambda: put(store, name, b"x"),
            lambda: store.get(name),
            lambda: store.read(name),
            lambda: store.delete(name, Tag("1")),
        ):
            with pytest.raises(UnsafeName):
                call()

    def test_empty_store_lists_nothing(self, store: Store) -> None:
        assert list(store.listing()) == []

    def test_listing_says_what_is_there(self, store: Store) -> None:
        contents = {name: name.encode() for name in NAMES}
        for name, data in contents.items():
            put(store, name, data)

        listed = {each.name: each for each in store.listing()}

        assert listed.keys() == contents.keys()
        for name, data in contents.items():
            each = listed[name]
            assert each.size == len(data)
            assert each.md5 in {None, hashlib.md5(data, usedforsecurity=False).hexdigest()}
            assert each.modified.tzinfo is not None

    def test_what_was_listed_is_deleted_and_what_replaced_it_is_not(self, store: Store) -> None:
        put(store, "a", b"one")
        put(store, "b", b"one")
        listed = {each.name: each.tag for each in store.listing()}
        put(store, "b", b"two", tag_of(store, "b"))

        store.delete("a", listed["a"])
        with pytest.raises(StoreChanged):
            store.delete("b", listed["b"])

        assert [each.name for each in store.listing()] == ["b"]

    def test_same_bytes_put_again_are_young_and_not_what_was_listed(self, store: Store) -> None:
        put(store, "a", b"one")
        (listed,) = store.listing()
        deadline = time.monotonic() + 5

        def is_as_listed() -> bool:
            put(store, "a", b"one", tag_of(store, "a"))
            return tag_of(store, "a") == listed.tag or next(store.listing()) == listed

        while is_as_listed():  # some tell times by the second
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with pytest.raises(StoreChanged):
            store.delete("a", listed.tag)
        assert next(store.listing()).modified >= listed.modified

    def test_listing_does_not_end_with_a_page(self, store: Store) -> None:
        names = {f"many/{number}" for number in range(PAGE + 2)}
        with ThreadPoolExecutor(store.workers) as pool:
            list(pool.map(lambda name: put(store, name, b"x"), names))

        assert {each.name for each in store.listing()} == names

    def test_deleted_file_is_gone_and_deleting_it_again_is_nothing(self, store: Store) -> None:
        put(store, "a/b", b"one")
        tag = tag_of(store, "a/b")

        store.delete("a/b", tag)
        store.delete("a/b", tag)

        with pytest.raises(NoSuchObject):
            store.get("a/b")

    def test_what_changed_since_it_was_seen_is_not_deleted(self, store: Store) -> None:
        put(store, "a", b"one")
        first = tag_of(store, "a")
        put(store, "a", b"two", first)

        with pytest.raises(StoreChanged):
            store.delete("a", first)
        assert store.get("a") == b"two"

    def test_of_several_that_begin_a_file_one_wins(self, store: Store) -> None:
        for round_ in range(ROUNDS):
            name = f"new-{round_}"
            won = winners(lambda data, name=name: put(store, name, data))  # type: ignore[misc] # bound now

            assert won == [store.get(name)], round_

    def test_of_several_that_replace_a_file_one_wins(self, store: Store) -> None:
        put(store, "a", b"old")
        for _ in range(ROUNDS):
            seen = tag_of(store, "a")
            won = winners(lambda data, seen=seen: put(store, "a", data + seen.encode(), seen))  # type: ignore[misc] # bound now

            assert [data + seen.encode() for data in won] == [store.get("a")]


class PlaceContract:
    """What holds for a store that can be missing itself."""

    def test_missing_store_is_named_and_never_created(self, missing: Store) -> None:
        for call in (
            lambda: put(missing, "metadata/a", b"x"),
            lambda: put(missing, "metadata/a", b"x", Tag("1")),
            lambda: missing.get("metadata/a"),
            lambda: missing.read("metadata/a"),
            lambda: missing.delete("metadata/a", Tag("1")),
            lambda: list(missing.listing()),
        ):
            with pytest.raises(NotThere, match=r"no such (folder|bucket)"):
                call()
