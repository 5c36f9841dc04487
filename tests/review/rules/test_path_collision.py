import pytest
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import NOW, Sample

from tufline.repository.review import review
from tufline.repository.state import MemoryFiles, Overlay, State

COLLIDING = {
    "File.txt": "file.txt",
    "NPM/keys.json": "npm/keys.json",
    "npm/KEYS.json": "npm/keys.json",
    "npm/keys.json/deeper": "npm/keys.json",
    "FILE.txt/deeper/still": "file.txt",
    "npm": "npm/keys.json",
    "Npm": "npm/keys.json",
}


def _pair(*artifacts: str) -> list[str]:
    one, other = sorted(f"targets/{artifact}" for artifact in artifacts)
    return [f"error {other}: collides with {one} on some file systems; rename one of them"]


@pytest.mark.parametrize("artifact", COLLIDING)
def test_row_e_name_that_another_file_has_on_some_systems_is_refused(artifact: str) -> None:
    base = Sample()
    event = base.copy()
    event.files[f"targets/{artifact}"] = b""
    for found in (judge(base, event), judge_whole(base, event), judge_whole(None, event)):
        assert said(found, "path-collision") == _pair(artifact, COLLIDING[artifact])
        assert verdict(found) == "refused"


@pytest.mark.parametrize(
    ("one", "other"), [("\u00e9", "e\u0301"), ("straße", "STRASSE"), ("ﬁle", "file")]
)
def test_unicode_forms_of_one_name_collide(one: str, other: str) -> None:
    base = Sample()
    base.files[f"targets/{one}"] = b""
    event = base.copy()
    event.files[f"targets/{other}"] = b""
    assert said(judge(base, event), "path-collision") == _pair(one, other)
    assert said(judge_whole(None, event), "path-collision") == _pair(one, other)


def test_role_names_that_differ_by_case_collide() -> None:
    base = Sample()
    event = base.copy()
    event.files["metadata/Npm.json"] = event.files["metadata/npm.json"]
    assert len(said(judge(base, event), "path-collision")) == 1


def test_file_and_folder_that_only_merging_brings_together_collide() -> None:
    base = Sample()
    main, top = base.state(), MemoryFiles({"targets/npm": b"file"})
    merged = State(Overlay(main.files, top, top.since(MemoryFiles({}))))
    found = review(main, merged, now=NOW)
    assert said(found, "path-collision") == _pair("npm", "npm/keys.json")


def test_renaming_by_case_is_no_collision() -> None:
    base = Sample()
    event = base.copy()
    event.files["targets/NPM/keys.json"] = event.files.pop("targets/npm/keys.json")
    event.files["targets/FILE.txt"] = event.files.pop("targets/file.txt")
    assert said(judge(base, event), "path-collision") == []
    top = event.state().files
    merged = State(Overlay(base.state().files, top, top.since(base.state().files)))
    assert said(review(base.state(), merged, now=NOW), "path-collision") == []


def test_folders_may_share_a_name_but_for_case_and_files_a_prefix() -> None:
    base = Sample()
    event = base.copy()
    for artifact in ("NPM/other.json", "npm.json", "npm/keys", "file.txt.sig"):
        event.files[f"targets/{artifact}"] = b""
    assert said(judge(base, event), "path-collision") == []
    assert said(judge_whole(None, event), "path-collision") == []


def test_event_answers_only_for_what_it_brings() -> None:
    base = Sample()
    base.files["targets/FILE.txt"] = b""
    event = base.copy()
    event.put("npm/keys.json", b"2")
    assert said(judge(base, event), "path-collision") == []
