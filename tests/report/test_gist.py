"""A change in a few words: what it tells, what it leaves out, what others' text may do in it."""

import pytest
from tests.support.published import Published

from tufline.repository.changes import changes_between
from tufline.repository.report import gist
from tufline.repository.state import MemoryFiles, State


def told(repository: Published, before: State) -> tuple[str, ...]:
    return gist(changes_between(before, repository.state()))


@pytest.fixture
def repository() -> Published:
    return Published()


def test_first_change_of_each_role_is_told(repository: Published) -> None:
    before = repository.state()
    repository.put("new.txt", b"new\n")
    repository.delegate("npm")
    targets, npm, artifact = told(repository, before)
    assert targets.startswith("targets: ")
    assert targets.endswith(" more)")
    assert npm.startswith("npm: ")
    assert artifact == "new: targets/new.txt"


def test_signing_anew_is_told_by_its_end(repository: Published) -> None:
    before = repository.state()
    repository.rotate()
    assert told(repository, before) == ()
    before = repository.state()
    repository.expires = repository.expires.replace(year=2027)
    repository.rotate()
    (renewal,) = told(repository, before)
    assert renewal.startswith("root: valid until: 2026-03-31T12:00:00Z → 2027-03-31T12:00:00Z")


def test_files_that_are_gone_before_the_merge_are_not_told(repository: Published) -> None:
    before = repository.state()
    repository.put("new.txt", b"new\n")
    files = {
        each.path: repository.state().files.read(each)
        for each in repository.state().files.below("")
    }
    passing = ("metadata/.attestations/x.pem", "metadata/.signatures/targets/2/x.json")
    after = State(MemoryFiles(files | dict.fromkeys(passing, b"x")))
    assert gist(changes_between(before, after))[-1] == "new: targets/new.txt"


def test_nothing_is_nothing(repository: Published) -> None:
    assert told(repository, repository.state()) == ()


def test_many_changes_are_counted(repository: Published) -> None:
    before = repository.state()
    for role in ("a", "b", "c", "d"):
        repository.delegate(role)
    lines = told(repository, before)
    assert len(lines) == 4
    assert lines[-1] == "and more in 2 other places"


def test_files_are_counted(repository: Published) -> None:
    before = State(MemoryFiles({**repository.files, "targets/old.txt": b"old\n"}))
    repository.files["targets/file.txt"] = b"changed\n"
    repository.files["targets/new.txt"] = b"new\n"
    assert told(repository, before) == ("changed: targets/file.txt, and 2 more files",)
    del repository.files["targets/file.txt"], repository.files["targets/new.txt"]
    assert told(repository, before)[0].startswith("deleted: targets/file.txt")


def test_others_text_is_spelled_out_and_cut_short(repository: Published) -> None:
    before = repository.state()
    repository.files["targets/\u202eevil\n.txt"] = b""
    (line,) = told(repository, before)
    assert line == 'new: "targets/\\u202eevil\\n.txt"'
    del repository.files["targets/\u202eevil\n.txt"]
    repository.files[f"targets/{'x' * 500}"] = b""
    (line,) = told(repository, before)
    assert len(line) == 153
    assert line.endswith("xxx...")
