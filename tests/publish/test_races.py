"""Two publishers at once, a hundred times: what clients get is never older, and never torn."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.publish.scenarios import LAYOUT, before_and_after, change_content, store_with
from tests.support.memory_store import MemoryStore
from tests.support.stores.racing import expect_whole, race, three_states

from tufline.repository.publish import (
    Cache,
    DirectoryStore,
    Rollback,
    Store,
    StoreChanged,
    Tag,
    deploy,
    observed,
)

TIMES = 100


def memory(_: Path) -> list[Store]:
    store = MemoryStore(workers=4)
    return [store, store]


def directory(folder: Path) -> list[Store]:
    return [DirectoryStore(folder), DirectoryStore(folder)]


@pytest.mark.parametrize("opened", [memory, directory])
def test_two_publishers_never_leave_an_older_or_torn_repository(
    opened: Callable[[Path], list[Store]], tmp_path: Path
) -> None:
    first, older, newer = three_states()
    outcomes: Counter[str] = Counter()
    for number in range(TIMES):
        folder = tmp_path / str(number)
        folder.mkdir()
        stores = opened(folder)
        deploy(stores[0], None, first, layout=LAYOUT)

        refused = race(stores, first, [older, newer])

        left = expect_whole(stores[0], older, newer, refused)
        outcomes[f"{left}: {type(refused[0]).__name__} {type(refused[1]).__name__}"] += 1

    assert sum(outcomes.values()) == TIMES
    assert any("StoreChanged" in outcome for outcome in outcomes), outcomes


class InterruptedStore(MemoryStore):
    """A store to which somebody else publishes everything just before our timestamp."""

    def __init__(self, meanwhile: dict[str, bytes]) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    def put(
        self, name: str, data: bytes, *, media_type: str, cache: Cache, replaces: Tag | None = None
    ) -> None:
        if name == LAYOUT.timestamp:
            self.files |= self._meanwhile
        super().put(name, data, media_type=media_type, cache=cache, replaces=replaces)


def test_old_publisher_that_wakes_up_last_changes_nothing() -> None:
    first, older, newer = three_states()
    published = store_with(newer).files
    store = InterruptedStore(published)
    store.files = dict(store_with(first).files)

    with pytest.raises(StoreChanged, match=r"timestamp\.json was published by somebody else"):
        deploy(store, first, older, layout=LAYOUT)
    with pytest.raises(Rollback):
        deploy(store, first, older, layout=LAYOUT)
    assert store.files[LAYOUT.timestamp] == published[LAYOUT.timestamp]
    assert observed(store, LAYOUT).root == 2


def test_two_that_publish_the_same_both_succeed() -> None:
    before, after = before_and_after(change_content)
    store = InterruptedStore(store_with(after).files)
    store.files = dict(store_with(before).files)

    deploy(store, before, after, layout=LAYOUT)

    assert store.files == store_with(before).files | store_with(after).files
