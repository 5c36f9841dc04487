"""What holds for deployments to any store: one set of tests for every adapter.

class TestFolder(PublishingContract):
    @pytest.fixture
    def place(self) -> str: ...             # of an empty store, as `open_store` takes it
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.publish.scenarios import (
    LAYOUT,
    before_and_after,
    published_files,
    rotate_everything,
    store_with,
)
from tests.support.memory_history import Killed, When
from tests.support.stores.faulty import FaultyStore
from tests.support.stores.racing import expect_whole, race, three_states

from tufline.repository.publish import Listed, Store, deploy, open_store
from tufline.repository.state import State

PAGES = {"index.html": b"<!doctype html>", "status.json": b"{}"}


def bring(store: Store, before: State | None, after: State) -> None:
    deploy(store, before, after, layout=LAYOUT, pages=PAGES)


def everything(store: Store) -> dict[str, bytes]:
    with ThreadPoolExecutor(store.workers) as pool:
        names = [listed.name for listed in store.listing()]
        return dict(zip(names, pool.map(store.get, names), strict=True))


def empty(store: Store) -> None:
    def delete(listed: Listed) -> None:
        store.delete(listed.name, listed.tag)

    with ThreadPoolExecutor(store.workers) as pool:
        list(pool.map(delete, list(store.listing())))


class PublishingContract:
    races = 100

    @pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
    @pytest.mark.parametrize("when", When)
    def test_killed_at_any_put_and_run_again_completes(
        self, place: str, when: When, *, known: bool
    ) -> None:
        before, after = before_and_after(rotate_everything)
        undisturbed = store_with(before)
        bring(undisturbed, before, after)
        store = open_store(place)
        for nth in range(1, len(undisturbed.puts) + 1):
            empty(store)
            deploy(store, None, before, layout=LAYOUT)
            faulty = FaultyStore(store, nth=nth, when=when)
            with pytest.raises(Killed):
                bring(faulty, before, after)

            bring(store, before if known else None, after)

            assert everything(store) == undisturbed.files
        assert nth >= len(published_files(after).keys() - published_files(before).keys()) + 1

    def test_two_publishers_never_leave_an_older_or_torn_repository(self, place: str) -> None:
        first, older, newer = three_states()
        left: Counter[int] = Counter()
        store, rival = open_store(place), open_store(place)
        for _ in range(self.races):
            empty(store)
            deploy(store, None, first, layout=LAYOUT)

            refused = race([store, rival], first, [older, newer])

            left[expect_whole(store, older, newer, refused)] += 1
        assert left.total() == self.races
