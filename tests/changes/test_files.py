"""Changes of whole files: what is no metadata, what cannot be read, what is read at all."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.sample import Sample

from tufline.repository.changes import (
    ABSENT,
    Changes,
    Content,
    FileChange,
    MetadataChange,
    changes_between,
)
from tufline.repository.report import terminal
from tufline.repository.report._text import value
from tufline.repository.report._words import size
from tufline.repository.review import Ready, Review
from tufline.repository.state import Difference, Entry, Files, Kind, MemoryFiles, State

REVIEW = Review(roles=(), findings=(), verdict=Ready())
METADATA = (
    "metadata/root.json",
    "metadata/root_history/1.root.json",
    "metadata/targets.json",
    "metadata/npm.json",
    "metadata/snapshot.json",
    "metadata/.signing-event-state",
)


def content(data: bytes, kind: Kind = Kind.FILE) -> Content:
    return Content(kind=kind, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def state(files: dict[str, bytes], kinds: dict[str, Kind] | None = None) -> State:
    return State(MemoryFiles(files, kinds))


def only(found: Changes) -> MetadataChange:
    [change] = found.metadata
    return change


def told(found: Changes) -> str:
    """Return the report without its line breaks."""
    return " ".join(terminal(REVIEW, found).split())


def test_files_that_come_change_and_go_are_told_by_size_and_digest() -> None:
    before = state({"targets/a": b"1", "targets/b": b"2", ".github/x.yml": b"3"})
    after = state({"targets/b": b"22", "targets/c": b"", ".github/x.yml": b"33"})
    found = changes_between(before, after).files
    assert tuple(replace(each, inside=()) for each in found) == (
        FileChange(path=".github/x.yml", before=content(b"3"), after=content(b"33")),
        FileChange(path="targets/a", before=content(b"1"), after=None),
        FileChange(path="targets/b", before=content(b"2"), after=content(b"22")),
        FileChange(path="targets/c", before=None, after=content(b"")),
    )


def test_a_file_that_becomes_a_link_is_a_change() -> None:
    after = state({"targets/a": b"1"}, {"targets/a": Kind.SYMLINK})
    [change] = changes_between(state({"targets/a": b"1"}), after).files
    assert change.after == content(b"1", Kind.SYMLINK)


def test_metadata_comes_in_the_order_of_reading() -> None:
    paths = ("metadata/a.json", "metadata/targets.json", "metadata/root_history/1.root.json")
    after = state(dict.fromkeys((*paths, "metadata/root.json"), b"{}"))
    found = [change.path for change in changes_between(state({}), after).metadata]
    assert found == [
        "metadata/root.json",
        "metadata/root_history/1.root.json",
        "metadata/targets.json",
        "metadata/a.json",
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", "after the change: not JSON"),
        (b"\xff", "after the change: not UTF-8"),
        (b'{"a": 1, "a": 2}', "after the change: key 'a' stands twice"),
        (b'{"a": 1.5}', "after the change: 1.5 is not an integer"),
        (b"[" * 100_000, "after the change: nested too deeply"),
        (b" " * 5_000_001, "after the change: larger than any metadata"),
    ],
    ids=["truncated", "not_utf8", "duplicate_key", "float", "too_deep", "too_large"],
)
def test_what_is_no_json_is_told_by_size_and_digest(data: bytes, reason: str) -> None:
    sample = Sample()
    before = sample.state()
    sample.files["metadata/npm.json"] = data
    found = changes_between(before, sample.state())
    change = only(found)
    assert (change.unread or "").startswith(reason)
    assert change.after == content(data)
    assert (change.facts, change.leaves) == ((), ())
    assert f"{size(len(data))}, sha256" in told(found)
    assert hashlib.sha256(data).hexdigest() in told(found)


def test_what_was_no_json_and_now_is_shows_all_its_leaves() -> None:
    sample = Sample()
    broken = state({**sample.files, "metadata/npm.json": b"{"})
    change = only(changes_between(broken, sample.state()))
    assert (change.unread or "").startswith("before the change: not JSON")
    assert ("signed", "version") in {leaf.path for leaf in change.leaves}


def test_a_link_in_place_of_metadata_is_not_followed() -> None:
    files = Sample().files
    after = state(files, {"metadata/npm.json": Kind.SYMLINK})
    found = changes_between(state(files), after)
    assert only(found).unread == "after the change: a symlink"
    assert "→ symlink, " in told(found)


def test_the_same_json_written_another_way_is_still_shown() -> None:
    sample = Sample()
    before = sample.state()
    tree = json.loads(sample.files["metadata/npm.json"])
    sample.files["metadata/npm.json"] = json.dumps(tree, indent=7).encode()
    found = changes_between(before, sample.state())
    assert (only(found).leaves, only(found).facts) == ((), ())
    digest = hashlib.sha256(sample.files["metadata/npm.json"]).hexdigest()
    assert digest in told(found)


def test_an_executable_bit_is_shown() -> None:
    files = Sample().files
    after = state(files, {"metadata/npm.json": Kind.EXECUTABLE})
    assert "→ executable, " in told(changes_between(state(files), after))


class CountingFiles:
    """Files that remember which paths were read."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.read_paths: set[str] = set()

    def find(self, path: str) -> Entry | None:
        return self._files.find(path)

    def below(self, folder: str) -> Iterator[Entry]:
        return self._files.below(folder)

    def names(self, folder: str) -> Iterator[str]:
        return self._files.names(folder)

    def read(self, entry: Entry) -> bytes:
        self.read_paths.add(entry.path)
        return self._files.read(entry)

    def read_many(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
        return ((entry, self.read(entry)) for entry in entries)

    def since(self, base: Files) -> Iterator[Difference]:
        return self._files.since(base)


def test_only_changed_files_and_the_top_delegators_are_read() -> None:
    base = Sample()
    event = base.copy()
    event.put("npm/new.json", b"new")
    files = CountingFiles(MemoryFiles(event.files))
    changes_between(base.state(), State(files))
    assert files.read_paths == {
        "metadata/npm.json",
        "metadata/root.json",
        "metadata/targets.json",
        "targets/npm/new.json",
    }


def test_only_the_differences_that_are_given_are_told() -> None:
    base = Sample()
    event = base.copy()
    event.put("file.txt", b"two\n")
    every = list(event.state().files.since(base.state().files))
    found = changes_between(base.state(), event.state(), every[:1])
    paths = [*(change.path for change in found.metadata), *(change.path for change in found.files)]
    assert paths == [every[0].path]


@given(st.sampled_from(METADATA), st.binary(max_size=40), st.binary(max_size=40))
def test_any_bytes_have_an_answer(path: str, one: bytes, other: bytes) -> None:
    before = state({**Sample().files, path: one})
    after = state({**Sample().files, path: other})
    found = changes_between(before, after).metadata
    assert [change.path for change in found] == ([path] if one != other else [])


_MEMBERS = st.sampled_from(
    """
    signed signatures keyid sig keys roles keyids threshold paths name targets custom length hashes
    delegations meta version expires invites x
    """.split()  # noqa: SIM905 - a list of quoted names would be four times as long
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_MEMBERS, inner, max_size=4),
    max_leaves=20,
)
_FILE = st.fixed_dictionaries({"signed": _JSON, "signatures": _JSON}) | _JSON


@given(st.sampled_from(METADATA), _FILE, _FILE)
def test_any_json_has_an_answer_and_each_new_value_is_shown(
    path: str, one: object, other: object
) -> None:
    before = state({path: json.dumps(one).encode()})
    after = state({path: json.dumps(other).encode()})
    found = changes_between(before, after)
    report = "".join(terminal(REVIEW, found).split())
    for change in found.metadata:
        assert change.leaves or json.dumps(one) != json.dumps(other)
        for leaf in change.leaves:
            if leaf.after not in (ABSENT, [], {}):
                shown = value(leaf.after).text.removeprefix('"').removesuffix('"')
                assert "".join(shown.split()) in report
