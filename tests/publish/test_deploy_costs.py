"""What a deployment asks the store for, in which order, and whom it tells."""

import random
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from tests.publish.scenarios import (
    LAYOUT,
    SCENARIOS,
    before_and_after,
    change_content,
    published_files,
    rotate_twice,
    store_with,
    three_changes,
)
from tests.support.memory_store import Fault, MemoryStore
from tests.support.published import NOW

from tufline.repository.publish import (
    Cache,
    Deployment,
    Overwrite,
    StoreFailed,
    Tag,
    Upload,
    deploy,
    phases,
    transition,
    with_bytes,
)
from tufline.repository.publish._parallel import in_parallel
from tufline.repository.publish.compliance import check_prefixes, listed_artifacts


def test_known_state_is_not_listed_and_an_unknown_one_is_once() -> None:
    before, after = before_and_after(change_content)
    known, unknown = store_with(before), store_with(before)

    deploy(known, before, after, layout=LAYOUT)
    deploy(unknown, None, after, layout=LAYOUT)

    assert (known.listings, unknown.listings) == (0, 1)


def test_large_change_is_listed_so_that_it_can_go_on_where_it_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, after = before_and_after(change_content)
    monkeypatch.setattr("tufline.repository.publish._deploy._WORTH_A_LISTING", 3)
    store = store_with(before)

    deploy(store, before, after, layout=LAYOUT)

    assert store.listings == 1


@pytest.mark.parametrize("lists_md5", [True, False], ids=["md5", "no-md5"])
def test_listed_files_are_read_only_where_the_listing_does_not_tell(*, lists_md5: bool) -> None:
    _, after = before_and_after(three_changes)
    store = MemoryStore(lists_md5=lists_md5)
    store.files = published_files(after)

    result = deploy(store, None, after, layout=LAYOUT)

    assert result == Deployment(written=0, unchanged=len(store.files))
    artifacts = [name for name in store.gets if name.startswith("targets/")]
    assert bool(artifacts) is not lists_md5


def test_damaged_file_of_the_same_size_is_noticed_by_its_md5() -> None:
    _, after = before_and_after(change_content)
    store = store_with(after)
    name = next(name for name in store.files if name.endswith("file.txt"))
    store.files[name] = b"x" * len(store.files[name])

    with pytest.raises(Overwrite, match=r"file\.txt is published already"):
        deploy(store, None, after, layout=LAYOUT)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", SCENARIOS)
def test_clients_follow_in_whatever_order_a_phase_arrives(name: str, seed: int) -> None:
    before, after = before_and_after(SCENARIOS[name])
    order: list[Upload] = []
    for phase in phases(transition(before, after, layout=LAYOUT)):
        order += random.Random(seed).sample(phase, len(phase))  # noqa: S311 - an order
    artifacts = sorted({*listed_artifacts(after), *listed_artifacts(before)})

    found = check_prefixes(
        published_files(before),
        with_bytes(after, order),
        layout=LAYOUT,
        now=NOW,
        artifacts=artifacts,
    )

    assert found == ()


def names(uploads: tuple[Upload, ...]) -> list[list[str]]:
    return [[upload.name for upload in phase] for phase in phases(uploads)]


def test_phases_are_content_and_then_one_file_after_the_other() -> None:
    before, after = before_and_after(rotate_twice)

    found = names(transition(None, after, layout=LAYOUT))

    roots = [[LAYOUT.root(version)] for version in (1, 2, 3)]
    assert found[1:] == [*roots, [LAYOUT.timestamp]]
    later = names(transition(before, after, layout=LAYOUT))
    assert later[1:] == [[LAYOUT.timestamp], *roots[1:]]


class SlowStore(MemoryStore):
    """A store that sees how many puts are under way at once, and what was there before each."""

    def __init__(self) -> None:
        super().__init__(workers=4)
        self.before: dict[str, set[str]] = {}
        self.most = 0
        self._under_way = 0
        self._counting = threading.Lock()

    def put(
        self, name: str, data: bytes, *, media_type: str, cache: Cache, replaces: Tag | None = None
    ) -> None:
        with self._counting:
            self._under_way += 1
            self.most = max(self.most, self._under_way)
            self.before[name] = set(self.files)
        time.sleep(0.005)  # so that others have a chance to begin
        super().put(name, data, media_type=media_type, cache=cache, replaces=replaces)
        with self._counting:
            self._under_way -= 1


def test_content_goes_out_at_once_and_everything_else_waits_for_it() -> None:
    before, after = before_and_after(three_changes)
    store = SlowStore()
    store.files = published_files(before)

    deploy(store, before, after, layout=LAYOUT)

    assert 1 < store.most <= 4
    content = set(store.files) - {LAYOUT.timestamp, LAYOUT.root(2)}
    assert content <= store.before[LAYOUT.timestamp]
    assert published_files(before)[LAYOUT.timestamp] != store.files[LAYOUT.timestamp]
    assert LAYOUT.root(2) not in store.before[LAYOUT.timestamp]


@pytest.mark.parametrize("fault", Fault)
def test_killed_at_any_put_of_several_at_once_and_run_again_completes(fault: Fault) -> None:
    before, after = before_and_after(three_changes)
    undisturbed = store_with(before)
    deploy(undisturbed, before, after, layout=LAYOUT)

    for failing in range(1, len(undisturbed.puts) + 1):
        store = store_with(before, fail_at=failing, fault=fault, workers=4)
        with pytest.raises(StoreFailed):
            deploy(store, before, after, layout=LAYOUT)
        deploy(store, before, after, layout=LAYOUT)

        assert store.files == undisturbed.files


def test_progress_counts_every_file_from_the_first_to_the_last() -> None:
    before, after = before_and_after(three_changes)
    store = store_with(before, workers=4)
    told: list[tuple[int, int]] = []

    result = deploy(
        store,
        before,
        after,
        layout=LAYOUT,
        pages={"index.html": b"<p>"},
        progress=lambda done, total: told.append((done, total)),
    )

    total = result.written + result.unchanged
    assert told == [(done, total) for done in range(total + 1)]


# in_parallel


def failing_at(number: int) -> Callable[[int], int]:
    def act(item: int) -> int:
        if item == number:
            raise ValueError(f"item {item}")
        return item

    return act


@pytest.mark.parametrize("workers", [1, 3])
def test_every_item_is_dealt_with_once(workers: int) -> None:
    assert sorted(in_parallel(lambda item: item, range(100), workers=workers)) == list(range(100))


@pytest.mark.parametrize("workers", [1, 3])
def test_first_error_ends_it_and_little_more_is_taken(workers: int) -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    with pytest.raises(ValueError, match="item 5"):
        list(in_parallel(failing_at(5), items(), workers=workers))
    assert len(taken) < 50


def test_error_of_the_items_themselves_is_raised() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        list(in_parallel(lambda item: item, items(), workers=3))
