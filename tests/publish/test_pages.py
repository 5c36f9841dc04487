"""Generated files beside the repository: when they go out, and what they never touch."""

import pytest
from tests.publish.scenarios import (
    LAYOUT,
    before_and_after,
    change_content,
    published_files,
    store_with,
)
from tests.support.memory_store import MemoryStore

from tufline.repository.publish import (
    Cache,
    Deployment,
    Layout,
    ReservedName,
    StoreChanged,
    Tag,
    UnsafeName,
    deploy,
)

PAGES = {
    "index.html": b"<!doctype html>",
    "status.json": b"{}",
    "calendar.ics": b"BEGIN:VCALENDAR",
    "badge.svg": b"<svg/>",
    "assets/other.bin": b"\x00",
}
TYPES = {
    "index.html": "text/html; charset=utf-8",
    "status.json": "application/json",
    "calendar.ics": "text/calendar; charset=utf-8",
    "badge.svg": "image/svg+xml",
    "assets/other.bin": "application/octet-stream",
}


def test_pages_go_out_last_with_their_types_and_for_a_short_while() -> None:
    before, after = before_and_after(change_content)
    store = store_with(before)

    deploy(store, before, after, layout=LAYOUT, pages=PAGES)

    last = store.puts[-len(PAGES) :]
    assert {put.name: put.media_type for put in last} == TYPES
    assert {put.cache for put in last} == {Cache.SHORT}
    assert store.puts[-len(PAGES) - 1].name == LAYOUT.timestamp


def test_pages_are_replaced_and_equal_ones_left() -> None:
    before, after = before_and_after(change_content)
    store = store_with(before)
    deploy(store, None, before, layout=LAYOUT, pages=PAGES)

    result = deploy(store, after, after, layout=LAYOUT, pages=PAGES | {"index.html": b"new"})

    changed = len(published_files(after).keys() - published_files(before).keys()) + 1
    unchanged = len(published_files(after)) - changed
    assert result == Deployment(written=changed, unchanged=unchanged, pages=1)
    assert store.files["index.html"] == b"new"
    again = deploy(store, after, after, layout=LAYOUT, pages=PAGES | {"index.html": b"new"})
    assert again == Deployment(written=0, unchanged=0)


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("metadata", "metadata"),
        ("metadata/index.html", "metadata"),
        ("a/index.html", "a/b"),
        ("targets", "metadata"),
        ("targets/index.html", "."),
        ("timestamp.json", "."),
        ("1.root.json", "."),
        ("17.some.role.json", "."),
    ],
)
def test_page_never_has_a_name_of_the_repository(name: str, folder: str) -> None:
    before, after = before_and_after(change_content)
    store = store_with(before)

    with pytest.raises(ReservedName, match=f"{name} is a name of the repository itself"):
        deploy(store, before, after, layout=Layout(metadata_dir=folder), pages={name: b"x"})
    assert store.puts == []


def test_page_outside_the_store_is_refused() -> None:
    before, after = before_and_after(change_content)

    with pytest.raises(UnsafeName):
        deploy(store_with(before), before, after, layout=LAYOUT, pages={"../x": b"x"})


@pytest.mark.parametrize("name", ["status.json", "timestamp.json", "1.root.json"])
def test_other_names_are_free(name: str) -> None:
    before, _ = before_and_after(change_content)
    store = MemoryStore()

    deploy(store, None, before, layout=LAYOUT, pages={name: b"x"})

    assert store.files[name] == b"x"


class OvertakenStore(MemoryStore):
    """A store to which a later publisher publishes at the `nth` look at our page."""

    def __init__(self, later: dict[str, bytes], *, on: str) -> None:
        super().__init__()
        self._later = later
        self._on = on

    def read(self, name: str) -> tuple[bytes, Tag]:
        if (self._on, name) == ("read", "index.html"):
            self.files |= self._later
        return super().read(name)

    def put(
        self, name: str, data: bytes, *, media_type: str, cache: Cache, replaces: Tag | None = None
    ) -> None:
        if (self._on, name) == ("put", "index.html"):
            self.files |= self._later
        super().put(name, data, media_type=media_type, cache=cache, replaces=replaces)


@pytest.mark.parametrize("on", ["read", "put"])
@pytest.mark.parametrize("there", [{}, {"index.html": b"old"}], ids=["none", "old"])
def test_pages_of_a_later_publisher_stay(on: str, there: dict[str, bytes]) -> None:
    before, after = before_and_after(change_content)
    later = {"index.html": b"of the later one"} | published_files(after)
    store = OvertakenStore(later, on=on)
    store.files = dict(there)

    with pytest.raises(StoreChanged):
        deploy(store, None, before, layout=LAYOUT, pages={"index.html": b"ours"})

    assert store.files["index.html"] == b"of the later one"
