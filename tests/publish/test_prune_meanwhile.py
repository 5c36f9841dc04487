"""Pruning while somebody publishes: what a publisher counts on is never deleted.

What was deleted from a repository long ago comes back: the same bytes have the same name, and the
store may have them still. The publisher finds them there; pruning knows nothing of the new state.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from tests.publish.scenarios import LAYOUT
from tests.support.memory_store import MemoryStore
from tests.support.published import NOW, Published

from tufline.repository.publish import (
    Cache,
    DirectoryStore,
    Listed,
    Store,
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
LONG = timedelta(days=60)


def states() -> tuple[State, State, State]:
    """Return three: the artifact as it was long ago, another, and the first one again."""
    repository = Published()
    first = repository.state()
    old = repository.files["targets/file.txt"]
    repository.put("file.txt", b"two\n")
    repository.sign_online()
    second = repository.state()
    repository.put("file.txt", old)
    repository.sign_online()
    return first, second, repository.state()


STATES = states()


class Watched:
    """A store that lets somebody else act before its n-th call of any kind."""

    def __init__(self, store: Store, act: Callable[[], None] | None = None, nth: int = 0) -> None:
        self._store = store
        self._act = act
        self._left = nth
        self.calls = 0

    workers = 1

    def _pause(self) -> None:
        self.calls += 1
        self._left -= 1
        if self._act and self._left == 0:
            self._act()

    def put(
        self, name: str, data: bytes, *, media_type: str, cache: Cache, replaces: Tag | None = None
    ) -> None:
        self._pause()
        self._store.put(name, data, media_type=media_type, cache=cache, replaces=replaces)

    def get(self, name: str) -> bytes:
        self._pause()
        return self._store.get(name)

    def read(self, name: str) -> tuple[bytes, Tag]:
        self._pause()
        return self._store.read(name)

    def listing(self) -> Iterator[Listed]:
        self._pause()
        return iter(list(self._store.listing()))

    def delete(self, name: str, tag: Tag) -> None:
        self._pause()
        self._store.delete(name, tag)


def memory(_: Path) -> Store:
    store = MemoryStore()
    published_long_ago(store)
    store.time = datetime.now(UTC)
    return store


def folder(path: Path) -> Store:
    path.mkdir()
    published_long_ago(DirectoryStore(path))
    then = (datetime.now(UTC) - LONG).timestamp()
    for file in path.rglob("*.*"):
        os.utime(file, (then, then))
    return DirectoryStore(path)


@pytest.fixture(params=[memory, folder])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    """Return what opens another store, to which the first two states were published long ago."""
    counted = iter(range(1000))
    return lambda: request.param(tmp_path / str(next(counted)))


def published_long_ago(store: Store) -> None:
    first, second, _ = STATES
    deploy(store, None, first, layout=LAYOUT)
    deploy(store, first, second, layout=LAYOUT)


def publish(store: Store) -> None:
    """Publish the third state, as one does who knows that the second is there."""
    _, second, again = STATES
    deploy(store, second, again, layout=LAYOUT, now=datetime.now(UTC))


def pruned(store: Store) -> tuple[str, ...]:
    """Prune, with nothing known of the third state."""
    keep, now = STATES[1:2], datetime.now(UTC)
    return prune(store, keep=keep, layout=LAYOUT, older_than=AGE, now=now, dry_run=False)


def expect_whole(store: Store, when: object = None) -> None:
    """Make sure that a client gets the third state, its artifact included."""
    root, wanted = store.get(LAYOUT.root(1)), listed_artifacts(STATES[2])
    outcome = run_client(store_remote(store, LAYOUT), root, now=NOW, artifacts=wanted)
    assert isinstance(outcome, Accepted), when
    assert outcome.versions.timestamp == 3, when


def moments_of(act: Callable[[Store], object], store: Store) -> range:
    watched = Watched(store)
    act(watched)
    return range(1, watched.calls + 1)


def test_what_is_published_at_any_moment_of_a_prune_is_whole(opened: Callable[[], Store]) -> None:
    for moment in moments_of(pruned, opened()):
        store = opened()

        with suppress(StoreChanged, UnknownDeployment):
            pruned(Watched(store, partial(publish, store), moment))

        expect_whole(store, moment)


def test_what_is_published_is_whole_whenever_a_prune_comes(opened: Callable[[], Store]) -> None:
    gone: list[str] = []

    def prune_now(store: Store) -> None:
        with suppress(UnknownDeployment):
            gone.extend(pruned(store))

    for moment in moments_of(publish, opened()):
        store = opened()

        publish(Watched(store, partial(prune_now, store), moment))

        expect_whole(store, moment)
    assert any(name.startswith("targets/") for name in gone)


def test_prune_that_has_looked_before_deletes_nothing_that_was_counted_on_since(
    opened: Callable[[], Store],
) -> None:
    store = opened()

    class Slow(Watched):
        """A store whose listing is old: all was published since."""

        def listing(self) -> Iterator[Listed]:
            seen = list(super().listing())
            publish(store)
            return iter(seen)

    with pytest.raises(StoreChanged):
        pruned(Slow(store))

    expect_whole(store)


class Counting(Watched):
    """A store that counts what is put, and of which the timestamp is out of reach at first."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.written: list[str] = []
        self.fails = True

    def put(
        self, name: str, data: bytes, *, media_type: str, cache: Cache, replaces: Tag | None = None
    ) -> None:
        if name == LAYOUT.timestamp and self.fails:
            raise StoreFailed(name, "the connection broke")
        super().put(name, data, media_type=media_type, cache=cache, replaces=replaces)
        self.written.append(name)


def test_what_a_killed_publication_put_is_young_and_not_put_again(
    opened: Callable[[], Store],
) -> None:
    store = Counting(opened())
    with pytest.raises(StoreFailed):
        publish(store)
    begun = len(store.written)
    store.fails = False

    publish(store)

    assert begun > 0
    assert store.written[begun:] == [LAYOUT.timestamp]
    expect_whole(store)
