"""Reading many, large, odd and damaged objects."""

import os
import zlib
from collections import deque
from hashlib import sha1
from pathlib import Path

import pytest
from tests.history.helpers import commit, contents, git

from tufline.repository.history import (
    Commit,
    CorruptRepository,
    GitHistory,
    _trees,
    open_history,
)
from tufline.repository.history._objects import REQUESTS_AT_ONCE
from tufline.repository.state import Entry, Kind, MemoryFiles


def store(server: Path, kind: str, data: bytes) -> str:
    """Write an object that git itself would refuse to make."""
    raw = f"{kind} {len(data)}\0".encode() + data
    name = sha1(raw, usedforsecurity=False).hexdigest()
    path = server / "objects" / name[:2] / name[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zlib.compress(raw))
    return name


def commit_of(server: Path, tree: str) -> Commit:
    person = "A <a@b> 1 +0000"
    data = f"tree {tree}\nauthor {person}\ncommitter {person}\n\nm\n"
    return Commit(store(server, "commit", data.encode()))


def line(mode: str, name: bytes, id_: str) -> bytes:
    return mode.encode() + b" " + name + b"\0" + bytes.fromhex(id_)


def test_many_requests_and_large_answers_do_not_block(local: GitHistory) -> None:
    large = os.urandom(300_000)
    first = commit(local, {"small": b"s", "large": large})
    files = local.files(first)
    small, big = files.find("small"), files.find("large")
    assert small is not None
    assert big is not None
    wanted = [big if n % 500 == 0 else small for n in range(6 * REQUESTS_AT_ONCE + 1000)]
    assert len(wanted) * 41 > 65536
    for entry, (answered, data) in zip(wanted, files.read_many(wanted), strict=True):
        assert answered is entry
        assert data == (large if entry is big else b"s")


def test_reads_may_be_interleaved_and_abandoned(local: GitHistory) -> None:
    wanted = {f"f{n:03}": b"%d" % n for n in range(2 * REQUESTS_AT_ONCE)}
    files = local.files(commit(local, wanted))
    entries = list(files.below(""))
    one, two = files.read_many(entries), files.read_many(reversed(entries))
    seen = [(next(one), next(two), files.read(entries[7])) for _ in range(REQUESTS_AT_ONCE + 20)]
    assert [forth[1] for forth, _, _ in seen] == list(wanted.values())[: len(seen)]
    assert [back[1] for _, back, _ in seen] == list(wanted.values())[::-1][: len(seen)]
    assert {data for _, _, data in seen} == {b"7"}
    del one, two
    assert files.read(entries[3]) == b"3"


def test_kept_answers_hold_an_absent_object_for_its_own_reader(local: GitHistory) -> None:
    files = local.files(commit(local, {"a": b"1", "b": b"2"}))
    good = files.find("a")
    assert good is not None
    reader = files.read_many([good, Entry("x", Kind.FILE, "2" * 40), good])
    assert next(reader) == (good, b"1")
    assert files.read(good) == b"1"
    with pytest.raises(CorruptRepository, match="2222 is missing"):
        next(reader)
    assert files.read(good) == b"1"


def test_folder_of_5000_files(local: GitHistory) -> None:
    wanted = {f"metadata/role{n:04}.json": b"%d" % n for n in range(5000)}
    first = commit(local, wanted)
    second = commit(local, {"metadata/role2500.json": b"new"}, first)
    assert contents(local, first) == wanted
    [difference] = local.files(second).since(local.files(first))
    assert difference.path == "metadata/role2500.json"


def test_comparison_does_not_read_equal_folders(server: Path, local: GitHistory) -> None:
    first = commit(local, {"a/b": b"1", "big/x/y": b"2"})
    second = commit(local, {"a/b": b"3"}, first)
    tree = git(server, "rev-parse", f"{first}:big")
    (server / "objects" / tree[:2] / tree[2:]).unlink()
    with open_history(server) as history:
        [difference] = history.files(second).since(history.files(first))
        assert difference.path == "a/b"
        assert history.files(second).find("a/b") is not None
        with pytest.raises(CorruptRepository, match=tree):
            list(history.files(second).below(""))


def test_trees_of_two_histories_compare(server: Path, local: GitHistory) -> None:
    first = commit(local, {"a/b": b"1", "c": b"2"})
    second = commit(local, {"a/b": b"3"}, first)
    with open_history(server) as other:
        [difference] = local.files(second).since(other.files(first))
    assert difference.path == "a/b"


def test_comparison_with_other_files_lists_both(local: GitHistory) -> None:
    files = local.files(commit(local, {"a/b": b"1", "c": b"2"}))
    memory = MemoryFiles({"a/b": b"1", "c": b"3"})
    assert [difference.path for difference in files.since(memory)] == ["c"]


@pytest.mark.parametrize("id_", ["2" * 40, "HEAD", "2" * 40 + "\n" + "3" * 40, "", "-h", "2" * 39])
def test_entry_without_an_object_is_reported(local: GitHistory, id_: str) -> None:
    files = local.files(commit(local, {"a": b"1"}))
    with pytest.raises(CorruptRepository, match="is missing"):
        files.read(Entry("a", Kind.FILE, id_))
    entry = files.find("a")
    assert entry is not None
    assert files.read(entry) == b"1"


@pytest.mark.parametrize("damage", [b"", b"rubbish", None])
def test_damaged_object_is_reported(server: Path, local: GitHistory, damage: bytes | None) -> None:
    made = commit(local, {"a": os.urandom(5000)})
    entry = local.files(made).find("a")
    assert entry is not None
    path = server / "objects" / entry.id[:2] / entry.id[2:]
    data = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(data[:2500] if damage is None else damage)
    with open_history(server) as history, pytest.raises(CorruptRepository):
        history.files(made).read(entry)


def test_malformed_trees_are_refused(server: Path, local: GitHistory) -> None:
    first = commit(local, {"a": b"1", "f/g": b"2"})
    blob, folder = (git(server, "rev-parse", f"{first}:{name}") for name in ("a", "f"))
    good = line("100644", b"a", blob)
    for bad in (
        good + line("100644", b"a", folder),
        good + line("40000", b"a", folder),
        line("100644", b"targets/a", blob),
        line("100644", b"", blob),
        line("100600", b"a", blob),
        good[:-1],
        good + b"x",
        b"x" + good,
    ):
        tree = store(server, "tree", bad)
        with pytest.raises(CorruptRepository, match=tree):
            list(local.files(commit_of(server, tree)).below(""))


def test_names_that_climb_reach_the_rules(server: Path, local: GitHistory) -> None:
    first = commit(local, {"a": b"1"})
    blob = git(server, "rev-parse", f"{first}:a")
    tree = store(server, "tree", line("100644", b"..", blob) + line("100664", b".git", blob))
    found = [(entry.path, entry.kind) for entry in local.files(commit_of(server, tree)).below("")]
    assert found == [("..", Kind.FILE), (".git", Kind.FILE)]


def test_object_of_another_kind_is_refused(server: Path, local: GitHistory) -> None:
    first = commit(local, {"a": b"1", "f/g": b"2"})
    blob, folder = (git(server, "rev-parse", f"{first}:{name}") for name in ("a", "f"))
    tree = store(server, "tree", line("100644", b"x", folder) + line("40000", b"y", blob))
    files = local.files(commit_of(server, tree))
    entry = files.find("x")
    assert entry is not None
    with pytest.raises(CorruptRepository, match="is a tree, not a blob"):
        files.read(entry)
    with pytest.raises(CorruptRepository, match="is a blob, not a tree"):
        list(files.below("y"))
    with pytest.raises(CorruptRepository, match="is a blob, not a commit"):
        local.info(Commit(blob))


@pytest.mark.parametrize(
    ("person", "problem"),
    [
        ("nobody", "malformed author"),
        ("A <a@b> x +0000", "malformed author"),
        ("A <a@b> 99999999999999999 +0000", "impossible date"),
    ],
)
def test_malformed_commits_are_refused(
    server: Path, local: GitHistory, person: str, problem: str
) -> None:
    tree = git(server, "rev-parse", commit(local, {"a": b"1"}) + "^{tree}")
    data = f"tree {tree}\nauthor {person}\ncommitter {person}\n\nm\n".encode()
    with pytest.raises(CorruptRepository, match=problem):
        local.info(Commit(store(server, "commit", data)))
    with pytest.raises(CorruptRepository, match="has no tree"):
        local.files(Commit(store(server, "commit", data[5:])))


def test_commit_of_another_program_is_understood(server: Path, local: GitHistory) -> None:
    tree = git(server, "rev-parse", commit(local, {"a": b"1"}) + "^{tree}")
    data = (
        f"tree {tree}\nauthor <> 5 -0700\ncommitter C D <c@d> 7 +0200\n"
        "gpgsig -----BEGIN\n parent of nothing\n -----END\n\n"
    )
    info = local.info(Commit(store(server, "commit", data.encode() + b"caf\xe9\n\nbody")))
    assert (info.author.name, info.author.email, info.when.timestamp()) == ("", "", 7)
    assert info.parents == ()
    assert info.message == "caf\ufffd\n\nbody"


def test_replaced_objects_and_grafts_are_not_believed(server: Path, local: GitHistory) -> None:
    first = commit(local, {"a": b"honest"})
    other = commit(local, {"a": b"forged"})
    git(server, "replace", first, other)
    second = commit(local, {"a": b"2"}, first)
    git(server, "replace", second, other)
    with open_history(server) as history:
        assert contents(history, first) == {"a": b"honest"}
        assert history.merge_bases(second, first) == (first,)
    (server / "info/grafts").write_text(f"{second}\n")
    with open_history(server) as history:
        assert history.contains(second, first)


def test_git_that_dies_is_reported(server: Path, local: GitHistory) -> None:
    first = commit(local, {f"{n}": os.urandom(1000) for n in range(50)})
    git(server, "update-ref", "refs/heads/main", first)
    git(server, "gc", "--quiet")
    [pack] = (server / "objects/pack").glob("*.pack")
    pack.chmod(0o644)
    pack.write_bytes(pack.read_bytes()[:200])
    with open_history(server) as history, pytest.raises(CorruptRepository):
        contents(history, first)


def test_executable_and_link_are_told_apart(
    server: Path, workplace: Path, local: GitHistory
) -> None:
    (workplace / "run").write_bytes(b"1")
    (workplace / "run").chmod(0o755)
    (workplace / "link").symlink_to("run")
    git(workplace, "add", ".")
    git(workplace, "commit", "--quiet", "-m", "m")
    git(workplace, "push", "--quiet", server, "HEAD:main")
    files = local.files(local.resolve("main"))
    kinds = {entry.path: (entry.kind, files.read(entry)) for entry in files.below("")}
    assert kinds == {"link": (Kind.SYMLINK, b"run"), "run": (Kind.EXECUTABLE, b"1")}


def test_writing_stores_bytes_unfiltered(local: GitHistory, tmp_path: Path) -> None:
    (tmp_path / "home/.gitconfig").write_text(
        "[core]\n\tautocrlf = true\n\tsafecrlf = true\n[i18n]\n\tcommitEncoding = latin1\n"
        "[commit]\n\tgpgSign = true\n"
    )
    wanted = {".gitattributes": b"* text=auto eol=crlf\n", "a": b"1\r\n2\n"}
    made = commit(local, wanted, message="é")
    assert contents(local, made) == wanted
    assert local.info(made).message.startswith("é\n")


@pytest.mark.parametrize("depth", [300, 3000])
def test_folders_in_folders_without_end_are_damage(
    server: Path, local: GitHistory, depth: int
) -> None:
    """Git stores them, and whoever offers a commit from a fork may choose it."""
    first = commit(local, {"file": b"1"})
    tree = store(server, "tree", line("100644", b"file", git(server, "rev-parse", f"{first}:file")))
    for _ in range(depth):
        tree = store(server, "tree", line("40000", b"d", tree))
    files = local.files(commit_of(server, tree))

    for read in (lambda: list(files.below("")), lambda: list(files.since(local.files(first)))):
        with pytest.raises(CorruptRepository, match="deeper than 256 folders"):
            read()


@pytest.mark.parametrize("leaf", ["files", "nothing"])
def test_more_files_than_anybody_could_list_are_damage(
    server: Path, local: GitHistory, leaf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dozen small objects that mean ten thousand million files, or as many empty folders."""
    monkeypatch.setattr(_trees, "_MOST_LINES", 10_000)  # to be told sooner
    first = commit(local, {"file": b"1"})
    blob = git(server, "rev-parse", f"{first}:file")
    tree = store(server, "tree", line("100644", b"file", blob) if leaf == "files" else b"")
    for _ in range(10):
        lines = (line("40000", b"%d" % digit, tree) for digit in range(10))
        tree = store(server, "tree", b"".join(lines))
    files = local.files(commit_of(server, tree))

    for walk in (files.below(""), files.since(local.files(first))):
        with pytest.raises(CorruptRepository, match="there are more than 10000 files"):
            deque(walk, maxlen=0)
