import pytest
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample

from tufline.repository.state import Kind

ODD = {Kind.SYMLINK: "symbolic link", Kind.SUBMODULE: "submodule"}


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("path", ["targets/file.txt", "targets/npm/new", "metadata/npm.json"])
def test_row_e_link_or_submodule_is_refused(path: str, kind: Kind) -> None:
    base = Sample()
    event = base.copy()
    event.files.setdefault(path, b"../elsewhere")
    event.kinds[path] = kind
    for found in (judge(base, event), judge_whole(base, event), judge_whole(None, event)):
        expected = f"error {path}: is a {ODD[kind]}; put a plain file in its place"
        assert said(found, "path-kind") == [expected]
        assert verdict(found) == "refused"


def test_event_may_not_add_a_link_anywhere() -> None:
    base = Sample()
    event = base.copy()
    event.files["docs/link"] = b"../metadata"
    event.kinds["docs/link"] = Kind.SYMLINK
    assert len(said(judge(base, event), "path-kind")) == 1
    assert said(judge_whole(base, event), "path-kind") == []  # not published


@pytest.mark.parametrize("folder", ["metadata", "targets"])
def test_a_link_in_place_of_a_folder_is_refused(folder: str) -> None:
    event = Sample()
    event.files = {path: data for path, data in event.files.items() if not path.startswith(folder)}
    event.files[folder] = b"elsewhere"
    event.kinds[folder] = Kind.SYMLINK
    assert said(judge_whole(None, event), "path-kind") == [
        f"error {folder}: is a symbolic link; put a plain file in its place"
    ]


def test_executable_file_is_fine() -> None:
    base = Sample()
    event = base.copy()
    event.kinds["targets/file.txt"] = Kind.EXECUTABLE
    assert said(judge(base, event), "path-kind") == []
    assert said(judge_whole(None, event), "path-kind") == []
    assert verdict(judge_whole(None, event)) == "ready"
