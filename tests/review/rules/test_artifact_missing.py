import pytest
from tests.support.delegating import delegate, edit
from tests.support.judging import judge, judge_whole, places, said, verdict
from tests.support.sample import Sample
from tuf.api.metadata import TargetFile

from tufline.repository.state import Kind

PATH = "targets/npm/keys.json"


def _unlist(sample: Sample, role: str, artifact: str) -> None:
    edit(sample, role, lambda targets: targets.targets.pop(artifact))


def test_file_deleted_before_its_entry_is_waited_for() -> None:
    base = Sample()
    event = base.copy()
    del event.files[PATH]
    found = judge(base, event)
    assert said(found, "artifact-missing") == [
        "waiting npm: was deleted and is still listed; the metadata must be updated"
    ]
    assert verdict(found) == "waiting"
    _unlist(event, "npm", "npm/keys.json")
    assert said(judge(base, event), "artifact-missing") == []
    assert verdict(judge(base, event)) == "ready"


def test_main_that_lists_what_is_absent_is_refused() -> None:
    base = Sample()
    main = base.copy()
    del main.files[PATH], main.files["targets/file.txt"]
    for found in (judge_whole(base, main), judge_whole(None, main)):
        assert said(found, "artifact-missing") == [
            f"error {role}: is listed and is no plain file here; add the file or remove its entry"
            for role in ("targets", "npm")
        ]
        assert verdict(found) == "refused"


@pytest.mark.parametrize("artifact", ["npm/new", "../../etc/passwd", "npm", "npm/", ""])
def test_new_entry_without_file_is_refused(artifact: str) -> None:
    base = Sample()
    event = base.copy()
    entry = TargetFile.from_data(artifact, b"1", ["sha256"])
    edit(event, "npm", lambda targets: targets.targets.update({artifact: entry}))
    for found in (judge(base, event), judge_whole(None, event)):
        assert places(found, "artifact-missing") == [f"error targets/{artifact}"]
        assert verdict(found) == "refused"


def test_link_in_place_of_the_file_is_refused() -> None:
    base = Sample()
    base.kinds[PATH] = Kind.SYMLINK
    event = base.copy()
    event.put("npm/other", b"1")
    assert places(judge(base, event), "artifact-missing") == [f"error {PATH}"]
    assert places(judge_whole(None, event), "artifact-missing") == [f"error {PATH}"]


def test_file_deleted_from_a_nested_role_is_waited_for() -> None:
    base = Sample()
    delegate(base, "deep", ["npm/deep/*"], {"npm/deep/x": b"1"}, by="npm")
    event = base.copy()
    del event.files["targets/npm/deep/x"]
    assert places(judge(base, event), "artifact-missing") == ["waiting targets/npm/deep/x"]


def test_event_answers_only_for_roles_and_files_it_touches() -> None:
    base = Sample()
    del base.files[PATH]
    event = base.copy()
    event.put("file.txt", b"2")
    assert said(judge(base, event), "artifact-missing") == []
