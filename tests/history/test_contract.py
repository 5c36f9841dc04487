"""What every history must do: the fake, a bare repository, and a clone with a remote."""

from datetime import datetime, timedelta, timezone

import pytest
from tests.history.helpers import ALICE, NOW, commit, contents, create

from tufline.repository.history import (
    Author,
    Commit,
    CorruptRepository,
    History,
    InvalidAuthor,
    InvalidPath,
    MissingObject,
    NoSuchRef,
    UnbornBranch,
)
from tufline.repository.state import Difference, Entry, Kind

ABSENT = Commit("1" * 40)
ODD_NAMES = ["-rf", "a\nb", 'quo"te', "tab\t", " space ", "\udcff\udcfe", "é", "back\\slash", "*"]


def test_empty_repository_has_an_unborn_branch(history: History) -> None:
    with pytest.raises(UnbornBranch, match="branch 'main' has no commit yet") as caught:
        history.resolve("main")
    assert isinstance(caught.value, NoSuchRef)
    assert caught.value.hint == "push the first commit to it"
    assert history.branches() == {}


def test_branch_resolves_by_short_name_and_commit_by_id(history: History) -> None:
    first = commit(history, {"a": b"1"})
    create(history, "sign/root-v2", first)
    assert history.resolve("sign/root-v2") == first
    assert history.resolve(first) == first


@pytest.mark.parametrize(
    "name", ["nope", "", "-h", "--all", "a..b", "^main", "a b", "a\nb", "a\0b"]
)
def test_unknown_name_is_refused(history: History, name: str) -> None:
    create(history, "main", commit(history, {"a": b"1"}))
    with pytest.raises(NoSuchRef):
        history.resolve(name)


def test_branches_are_listed_by_prefix_and_sorted(history: History) -> None:
    first = commit(history, {"a": b"1"})
    for name in ("sign/b", "sign/a", "main", "signal", "-odd"):
        create(history, name, first)
    assert list(history.branches()) == ["-odd", "main", "sign/a", "sign/b", "signal"]
    assert history.branches("sign/") == {"sign/a": first, "sign/b": first}
    assert list(history.branches("sig")) == ["sign/a", "sign/b", "signal"]


def test_info_tells_what_was_written(history: History) -> None:
    first = commit(history, {"a": b"1"})
    when = datetime(2026, 1, 2, 3, 4, 5, 999, tzinfo=timezone(timedelta(hours=5)))
    second = history.write(
        tree=first, changes={}, parents=[first], message="why\n\nbody\n", author=ALICE, when=when
    )
    info = history.info(second)
    assert info.id == second
    assert info.parents == (first,)
    assert info.author == ALICE
    assert info.when == when.replace(microsecond=0)
    assert info.when.utcoffset() == timedelta(0)
    assert info.message == "why\n\nbody\n\nSigned-off-by: Alice Ö <alice@example.org>\n"


def test_sign_off_joins_other_trailers_and_is_not_repeated(history: History) -> None:
    trailer = "Signed-off-by: Alice Ö <alice@example.org>\n"
    joined = commit(history, {}, message="why\n\nFor: @bob")
    assert history.info(joined).message == "why\n\nFor: @bob\n" + trailer
    repeated = commit(history, {}, message="why\n\n" + trailer)
    assert history.info(repeated).message == "why\n\n" + trailer


def test_no_author_means_the_user(history: History) -> None:
    made = history.write(tree=None, changes={}, parents=[], message="m", author=None, when=NOW)
    assert history.info(made).author == Author(name="The User", email="user@example.org")


@pytest.mark.parametrize(
    "author",
    [
        Author(name="", email="a@b"),
        Author(name="A\nEvil: yes", email="a@b"),
        Author(name="A <x>", email="a@b"),
        Author(name="A", email="a@b>"),
    ],
)
def test_author_that_would_forge_a_line_is_refused(history: History, author: Author) -> None:
    with pytest.raises(InvalidAuthor):
        history.write(tree=None, changes={}, parents=[], message="m", author=author, when=NOW)


def test_naive_time_is_refused(history: History) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        history.write(tree=None, changes={}, parents=[], message="m", author=ALICE, when=naive)


def test_equal_arguments_give_the_equal_commit(history: History) -> None:
    assert commit(history, {"a": b"1"}) == commit(history, {"a": b"1"})
    assert commit(history, {"a": b"1"}) != commit(history, {"a": b"2"})


def test_changes_replace_add_and_remove(history: History) -> None:
    first = commit(history, {"a/b": b"1", "a/c": b"2", "d": b"3", "e/f/g": b"4"})
    second = commit(history, {"a/b": b"9", "new/x": b"", "d": None, "e/f/g": None}, first)
    assert contents(history, second) == {"a/b": b"9", "a/c": b"2", "new/x": b""}
    assert contents(history, first) == {"a/b": b"1", "a/c": b"2", "d": b"3", "e/f/g": b"4"}


def test_removing_what_is_no_file_changes_nothing(history: History) -> None:
    first = commit(history, {"a/b": b"1"})
    second = commit(history, {"a": None, "x": None, "a/b/c": None, "y/z": None}, first)
    assert contents(history, second) == {"a/b": b"1"}


def test_file_replaces_folder_and_folder_replaces_file(history: History) -> None:
    first = commit(history, {"a/b": b"1", "c": b"2"})
    second = commit(history, {"a": b"file", "a/b": None, "c/d": b"3"}, first)
    assert contents(history, second) == {"a": b"file", "c/d": b"3"}


def test_last_file_can_go(history: History) -> None:
    first = commit(history, {"a/b": b"1"})
    assert contents(history, commit(history, {"a/b": None}, first)) == {}


@pytest.mark.parametrize(
    "path", ["", "/a", "a/", "a//b", ".", "../a", "a/../b", ".git/config", "a/.GIT", "a\0b"]
)
def test_path_that_a_tree_may_not_hold_is_refused(history: History, path: str) -> None:
    with pytest.raises(InvalidPath):
        commit(history, {path: b""})


def test_file_below_a_file_is_refused(history: History) -> None:
    with pytest.raises(InvalidPath, match="'a/b'"):
        commit(history, {"a": b"", "a/b": b""})


def test_entry_of_another_commit_keeps_kind_and_bytes(history: History) -> None:
    first = commit(history, {"a": b"run me"})
    entry = history.files(first).find("a")
    assert entry is not None
    second = commit(history, {"b/c": entry._replace(kind=Kind.EXECUTABLE)})
    found = history.files(second).find("b/c")
    assert found == Entry("b/c", Kind.EXECUTABLE, entry.id)
    assert contents(history, second) == {"b/c": b"run me"}


def test_entry_that_no_commit_has_is_refused(history: History) -> None:
    with pytest.raises(CorruptRepository):
        commit(history, {"a": Entry("a", Kind.FILE, ABSENT)})


def test_submodule_reads_as_empty(history: History) -> None:
    made = commit(history, {"m": Entry("m", Kind.SUBMODULE, ABSENT), "n": b"2"})
    entry = history.files(made).find("m")
    assert entry is not None
    assert entry.kind is Kind.SUBMODULE
    assert history.files(made).read(entry) == b""
    assert contents(history, made) == {"m": b"", "n": b"2"}


def test_odd_names_come_back_as_they_went_in(history: History) -> None:
    wanted = {f"{name}/{name}": name.encode(errors="surrogateescape") for name in ODD_NAMES}
    made = commit(history, wanted)
    assert contents(history, made) == wanted
    for path, data in wanted.items():
        entry = history.files(made).find(path)
        assert entry is not None
        assert history.files(made).read(entry) == data


def test_find_knows_files_only(history: History) -> None:
    files = history.files(commit(history, {"a/b": b"1"}))
    found = files.find("a/b")
    assert found is not None
    assert found.kind is Kind.FILE
    assert [files.find(path) for path in ("a", "a/", "", "a/b/c", "x/y", "/a/b")] == [None] * 6


def test_below_yields_the_files_of_a_folder(history: History) -> None:
    files = history.files(commit(history, {"a/b": b"1", "a/c/d": b"2", "ab": b"3"}))
    assert [entry.path for entry in files.below("a")] == ["a/b", "a/c/d"]
    assert [entry.path for entry in files.below("a/")] == ["a/b", "a/c/d"]
    assert [entry.path for entry in files.below("")] == ["a/b", "a/c/d", "ab"]
    assert list(files.below("nope")) == list(files.below("ab")) == []


def test_names_are_those_directly_in_a_folder(history: History) -> None:
    files = history.files(commit(history, {"a/b": b"1", "a/c/d": b"2", "ab": b"3"}))
    assert sorted(files.names("")) == ["a/", "ab"]
    assert sorted(files.names("a")) == sorted(files.names("a/")) == ["b", "c/"]
    assert list(files.names("nope")) == list(files.names("ab")) == []


def test_since_tells_every_difference_by_path(history: History) -> None:
    first = commit(history, {"a.txt": b"1", "a/b": b"2", "same/x": b"3", "d": b"4", "e/f": b"5"})
    second = commit(history, {"a.txt": None, "a/b": b"9", "d/g": b"6", "e": b"7"}, first)
    differences = list(history.files(second).since(history.files(first)))
    assert [(d.path, bool(d.before), bool(d.after)) for d in differences] == [
        ("a.txt", True, False),
        ("a/b", True, True),
        ("d", True, False),
        ("d/g", False, True),
        ("e", False, True),
        ("e/f", True, False),
    ]
    assert list(history.files(first).since(history.files(first))) == []


def test_since_tells_a_changed_kind(history: History) -> None:
    first = commit(history, {"a": b"1"})
    entry = history.files(first).find("a")
    assert entry is not None
    link = entry._replace(kind=Kind.SYMLINK)
    second = commit(history, {"a": link}, first)
    differences = list(history.files(second).since(history.files(first)))
    assert differences == [Difference("a", entry, link)]


def test_first_parents_run_to_the_beginning(history: History) -> None:
    first = commit(history, {"a": b"1"})
    side = commit(history, {"b": b"1"}, first)
    second = commit(history, {"a": b"2"}, first)
    merge = commit(history, {}, second, side)
    assert [info.id for info in history.first_parents(merge)] == [merge, second, first]


def test_merge_bases_are_all_of_them(history: History) -> None:
    root = commit(history, {"a": b"1"})
    one, two = commit(history, {"b": b"1"}, root), commit(history, {"c": b"1"}, root)
    assert history.merge_bases(one, two) == (root,)
    crossed = commit(history, {"x": b""}, one, two), commit(history, {"y": b""}, two, one)
    assert history.merge_bases(*crossed) == tuple(sorted([one, two]))
    assert history.merge_bases(root, one) == (root,)


def test_unrelated_commits_have_no_merge_base(history: History) -> None:
    assert history.merge_bases(commit(history, {"a": b""}), commit(history, {"b": b""})) == ()


def test_contains_itself_and_its_ancestors_only(history: History) -> None:
    first = commit(history, {"a": b"1"})
    second = commit(history, {"a": b"2"}, first)
    assert history.contains(second, first)
    assert history.contains(first, first)
    assert not history.contains(first, second)


def test_absent_commit_is_reported(history: History) -> None:
    for question in (history.info, history.files):
        with pytest.raises(MissingObject, match=ABSENT):
            question(ABSENT)


def test_ref_of_the_remote_is_fetched_without_any_branch(history: History) -> None:
    first = commit(history, {"a": b"1"})
    create(history, "sign/a", first)
    before = history.branches()

    assert history.fetch("refs/heads/sign/a") == first
    assert history.branches() == before
    assert contents(history, first) == {"a": b"1"}


@pytest.mark.parametrize("ref", ["refs/heads/sign", "refs/pull/1/head", "refs/heads/*", "--all"])
def test_ref_that_is_not_there_is_not_fetched(history: History, ref: str) -> None:
    create(history, "sign/a", commit(history, {"a": b"1"}))
    with pytest.raises(NoSuchRef):
        history.fetch(ref)
