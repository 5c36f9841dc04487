"""The contract of `Files`, kept by trees in memory, in git, and by overlays over both."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.state.trees import Contents, Counted, fake, half_replaced, in_history, over

from tufline.repository.history import open_history
from tufline.repository.state import (
    Difference,
    Entry,
    Files,
    Kind,
    MemoryFiles,
    Overlay,
    compare_listings,
    same,
)

Make: TypeAlias = Callable[[Contents], Files]
TREE = {"a.txt": b"0", "a/b": b"1", "a/c/d": b"2", "ab": b"3", "e/f": b"4", "\udcff": b"5"}
PATHS = st.sampled_from(["a", "b", "c/x", "c/y", "c/d/z", "e/x", "f/x"])
TREES = st.dictionaries(PATHS, st.sampled_from([b"1", b"2"]))


@pytest.fixture(params=["memory", "fake", "git", "overlay", "overlay on git"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    if request.param in {"memory", "fake", "overlay"}:
        yield {"memory": MemoryFiles, "fake": fake, "overlay": half_replaced}[request.param]
        return
    subprocess.run(["git", "init", "--quiet", "--bare", tmp_path], check=True)
    with open_history(tmp_path) as history:
        if request.param == "git":
            yield lambda contents: in_history(history, contents)
        else:
            yield lambda contents: over(
                in_history(history, {"a/b": b"1", "a/c/d": b"9", "x": b""}),
                in_history(history, contents),
            )


def contents(files: Files, folder: str = "") -> dict[str, bytes]:
    return {entry.path: data for entry, data in files.read_many(files.below(folder))}


def test_all_files_are_there_with_their_bytes(make: Make) -> None:
    files = make(TREE)
    assert contents(files) == TREE
    for path, data in TREE.items():
        found = files.find(path)
        assert found is not None
        assert (found.path, found.kind) == (path, Kind.FILE)
        assert files.read(found) == data


def test_find_knows_files_only(make: Make) -> None:
    files = make(TREE)
    asked = ["", "a", "a/", "e", "A.txt", "a/b/", "/a/b", "gone.txt", "x", "a.txt/b"]
    assert [files.find(path) for path in asked] == [None] * len(asked)


@pytest.mark.parametrize("folder", ["a", "a/"])
def test_below_is_what_lies_in_a_folder(make: Make, folder: str) -> None:
    assert contents(make(TREE), folder) == {"a/b": b"1", "a/c/d": b"2"}


@pytest.mark.parametrize("folder", ["nope", "ab", "a.txt", "gone", "e/f"])
def test_nothing_is_below_what_is_no_folder(make: Make, folder: str) -> None:
    assert list(make(TREE).below(folder)) == []
    assert list(make(TREE).names(folder)) == []


def test_names_are_those_directly_in_a_folder(make: Make) -> None:
    files = make(TREE)
    assert sorted(files.names("")) == ["a.txt", "a/", "ab", "e/", "\udcff"]
    assert sorted(files.names("a")) == sorted(files.names("a/")) == ["b", "c/"]


def test_many_files_are_read_in_the_order_asked_for(make: Make) -> None:
    files = make(TREE)
    wanted = [entry for entry in files.below("") for _ in range(2)][::-1]
    assert [entry for entry, _ in files.read_many(iter(wanted))] == wanted
    assert [data for _, data in files.read_many(wanted)] == [TREE[each.path] for each in wanted]


def test_differences_are_complete_and_by_path(make: Make) -> None:
    before = make(TREE)
    after = make({"a.txt": b"0", "a/b": b"9", "e": b"4", "new": b""})
    found = [(d.path, bool(d.before), bool(d.after)) for d in after.since(before)]
    assert found == [
        ("a/b", True, True),
        ("a/c/d", True, False),
        ("ab", True, False),
        ("e", False, True),
        ("e/f", True, False),
        ("new", False, True),
        ("\udcff", True, False),
    ]


def test_trees_of_all_kinds_compare_with_each_other(make: Make) -> None:
    files, changed = make(TREE), make({**TREE, "ab": b"other"})
    assert list(MemoryFiles(TREE).since(files)) == list(files.since(MemoryFiles(TREE))) == []
    assert [each.path for each in changed.since(MemoryFiles(TREE))] == ["ab"]


def test_an_overlay_on_an_overlay_is_a_tree_too(make: Make) -> None:
    files = over(over(make(TREE), make({"a/b": b"9"})), make(TREE))
    assert contents(files) == TREE
    assert list(files.since(make(TREE))) == []


def test_a_file_may_take_the_place_of_a_folder_and_a_folder_that_of_a_file() -> None:
    files = over(MemoryFiles({"a/b": b"1", "c": b"2"}), MemoryFiles({"a": b"3", "c/d": b"4"}))
    assert sorted(files.names("")) == ["a", "c/"]
    assert contents(files) == {"a": b"3", "c/d": b"4"}


def test_a_folder_that_lost_all_its_files_has_no_name() -> None:
    files = over(MemoryFiles({"a/b/c": b"", "a/d": b"", "e": b""}), MemoryFiles({"e": b""}))
    assert list(files.names("")) == ["e"]
    assert list(files.names("a")) == []


def test_overlay_reads_many_files_of_a_side_at_once() -> None:
    base = Counted(MemoryFiles({f"{number:03}": b"base" for number in range(300)}))
    top = Counted(MemoryFiles({"100": b"top", "200": b"top"}))
    changes = [Difference(path, base.find(path), top.find(path)) for path in ("100", "200")]
    files = Overlay(base, top, changes)
    wanted = sorted(files.below(""))
    assert [entry for entry, _ in files.read_many(wanted)] == wanted
    assert base.calls == ["read_many"] * 3
    assert top.calls == ["read_many"] * 2


def test_overlay_reads_only_what_is_taken() -> None:
    def entries(files: Files) -> Iterator[Entry]:
        yield from files.below("")
        raise AssertionError("read ahead of what was asked for")

    files = half_replaced({"a": b"1", "b": b"2"})
    found = files.read_many(entries(files))
    assert {next(found)[1], next(found)[1]} == {b"1", b"2"}


def test_kinds_are_kept_and_tell_files_apart() -> None:
    kinds = {"link": Kind.SYMLINK, "module": Kind.SUBMODULE, "run": Kind.EXECUTABLE}
    files = MemoryFiles(dict.fromkeys([*kinds, "plain"], b"same"), kinds)
    found = {entry.path: entry for entry in files.below("")}
    assert {path: entry.kind for path, entry in found.items()} == {**kinds, "plain": Kind.FILE}
    assert files.read(found["module"]) == b""
    assert files.read(found["link"]) == b"same"
    plain = MemoryFiles(dict.fromkeys([*kinds, "plain"], b"same"))
    assert [each.path for each in files.since(plain)] == ["link", "module", "run"]


def test_same_looks_at_kind_and_bytes_not_at_the_path() -> None:
    file = Entry("a", Kind.FILE, "1")
    assert same(file, Entry("b", Kind.FILE, "1"))
    assert not same(file, Entry("a", Kind.SYMLINK, "1"))
    assert not same(file, Entry("a", Kind.FILE, "2"))
    assert not same(file, None)
    assert not same(None, file)
    assert same(None, None)


def test_deleting_what_is_not_there_is_no_difference() -> None:
    base = MemoryFiles({"a": b""})
    files = Overlay(base, MemoryFiles({}), [Difference("b", None, None)])
    assert list(files.since(base)) == []
    assert list(files.names("")) == ["a"]
    assert files.find("b") is None


@given(TREES, TREES)
def test_an_overlay_equals_the_tree_that_it_stands_for(
    before: dict[str, bytes], after: dict[str, bytes]
) -> None:
    base, top = MemoryFiles(before), MemoryFiles(after)
    files = over(base, top)
    assert contents(files) == after
    for folder in ("", "c", "c/d", "e"):
        assert sorted(files.names(folder)) == sorted(top.names(folder))
        assert contents(files, folder) == contents(top, folder)
    assert list(files.since(base)) == list(compare_listings(base, top))
    assert list(files.since(top)) == []


def test_ids_are_git_s() -> None:
    found = MemoryFiles({"a": b"hello\n"}).find("a")
    assert found == Entry("a", Kind.FILE, "ce013625030ba8dba906f756967f9e9ca394464a")
