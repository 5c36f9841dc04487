"""Publishers that race, and what must be true of the store whatever they did."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.publish.scenarios import LAYOUT
from tests.support.published import NOW, Published

from tufline.repository.errors import Race, Refusal
from tufline.repository.publish import Rollback, Store, StoreChanged, deploy, observed
from tufline.repository.publish.compliance import (
    Accepted,
    listed_artifacts,
    run_client,
    store_remote,
)
from tufline.repository.state import State


def three_states() -> tuple[State, State, State]:
    """Return what is deployed, what an older publisher has, and what a newer one has."""
    repository = Published()
    first = repository.state()
    repository.put("file.txt", b"two\n")
    repository.sign_online()
    older = repository.state()
    repository.put("file.txt", b"three\n")
    repository.put("folder/new.bin", b"\x00")
    repository.rotate(online=("online-2",))
    repository.sign_online(by=("online", "online-2"))
    return first, older, repository.state()


def race(
    stores: Sequence[Store], before: State, publishers: Sequence[State]
) -> tuple[Race | Refusal | None, ...]:
    """Let the publishers begin at once; return what each was refused with."""
    start = Barrier(len(publishers))

    def publish(number: int) -> Race | Refusal | None:
        start.wait()
        try:
            deploy(stores[number], before, publishers[number], layout=LAYOUT)
        except (StoreChanged, Rollback) as error:
            return error
        return None

    with ThreadPoolExecutor(len(publishers)) as pool:
        return tuple(pool.map(publish, range(len(publishers))))


def expect_whole(store: Store, older: State, newer: State, refused: Sequence[object]) -> int:
    """Assert that clients get all of one state; that the newer can be brought; and who lost.

    Return the version of the timestamp that the race left.
    """
    left = _version(store)
    winner, won = (newer, refused[1] is None) if left == 3 else (older, refused[0] is None)
    assert won
    assert left in {2, 3}
    _expect_accepted(store, winner)
    if left == 2:
        deploy(store, older, newer, layout=LAYOUT)
    _expect_accepted(store, newer)
    assert _version(store) == 3
    return left


def _version(store: Store) -> int:
    timestamp = observed(store, LAYOUT).timestamp
    assert timestamp is not None
    return timestamp.signed.version


def _expect_accepted(store: Store, state: State) -> None:
    root = store.get(LAYOUT.root(1))
    artifacts = listed_artifacts(state)
    outcome = run_client(store_remote(store, LAYOUT), root, now=NOW, artifacts=artifacts)
    assert isinstance(outcome, Accepted), outcome
