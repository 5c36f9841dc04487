import pytest
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample

from tufline.repository.review import Policy
from tufline.repository.state import Kind


def _path(version: object) -> str:
    return f"metadata/root_history/{version}.root.json"


def _sample(roots: int) -> Sample:
    sample = Sample()
    for _ in range(roots - 1):
        sample.edit("root")
    return sample


def _event(roots: int) -> tuple[Sample, Sample]:
    base = _sample(roots)
    event = base.copy()
    event.edit("root")
    return base, event


def test_new_root_with_its_copy_is_fine() -> None:
    base, event = _event(3)
    assert said(judge(base, event), "root-history") == []
    assert said(judge_whole(base, event), "root-history") == []
    assert verdict(judge(base, event)) == "ready"


@pytest.mark.parametrize("version", [1, 2, 3])
def test_row_g_rewritten_old_root_is_refused(version: int) -> None:
    base, event = _event(3)
    event.files[_path(version)] += b" "
    for found in (judge(base, event), judge_whole(base, event)):
        assert said(found, "root-history") == [
            (
                f"error {_path(version)}: root {version} was rewritten; restore the file, a change "
                "is a new version"
            )
        ]
        assert verdict(found) == "refused"


@pytest.mark.parametrize("version", [1, 2, 3])
def test_row_g_removed_old_root_is_refused(version: int) -> None:
    base, event = _event(3)
    del event.files[_path(version)]
    for found in (judge(base, event), judge_whole(base, event)):
        removed = f"error {_path(version)}: root {version} was removed; restore the file"
        assert removed in said(found, "root-history")
        assert verdict(found) == "refused"


def test_row_g_old_root_that_becomes_a_link_is_refused() -> None:
    base, event = _event(2)
    event.kinds[_path(1)] = Kind.SYMLINK
    assert "rewritten" in said(judge(base, event), "root-history")[0]


def test_row_g_missing_root_between_others_is_refused_when_all_is_judged() -> None:
    main = _sample(6)
    for version in (3, 4):
        del main.files[_path(version)]
    assert said(judge_whole(None, main), "root-history") == [
        (
            f"error {_path(3)}: roots 3 to 4 missing; clients that hold an older root cannot "
            "update, add the file"
        )
    ]


def test_root_without_copy_is_refused() -> None:
    base, event = _event(2)
    del event.files[_path(3)]
    for found in (judge(base, event), judge_whole(base, event), judge_whole(None, event)):
        assert said(found, "root-history") == [
            f"error {_path(3)}: root.json is version 3 and has no copy here; add it"
        ]


def test_copy_that_differs_from_the_root_is_refused() -> None:
    base, event = _event(2)
    event.files[_path(3)] += b"\n"
    for found in (judge(base, event), judge_whole(base, event), judge_whole(None, event)):
        assert said(found, "root-history") == [
            f"error {_path(3)}: differs from root.json, whose copy it must be; copy it anew"
        ]


@pytest.mark.parametrize("version", [1, 9])
def test_event_adds_no_other_root_than_its_own(version: int) -> None:
    base, event = _event(3)
    event.files[_path(version)] = b"{}"
    base.files.pop(_path(version), None)
    assert (
        f"error {_path(version)}: root {version} was added, but root.json is version 4; remove "
        "the file"
    ) in said(judge(base, event), "root-history")


def test_main_may_be_several_roots_ahead_of_what_is_published() -> None:
    published = Sample()
    main = published.copy()
    for _ in range(3):
        main.edit("root")
    assert said(judge_whole(published, main), "root-history") == []
    main.files[_path(5)] = b"{}"
    assert len(said(judge_whole(published, main), "root-history")) == 1


def test_import_brings_its_roots_along() -> None:
    assert said(judge(None, _sample(3)), "root-history") == []


def test_history_may_begin_late_unless_the_oldest_root_is_set() -> None:
    main = _sample(5)
    for version in (1, 2):
        del main.files[_path(version)]
    assert said(judge_whole(None, main), "root-history") == []
    kept = judge_whole(None, main, policy=Policy(oldest_root=3))
    assert said(kept, "root-history") == []
    asked = judge_whole(None, main, policy=Policy(oldest_root=2))
    assert "root 2 missing" in said(asked, "root-history")[0]


def test_gap_before_the_oldest_supported_root_does_not_matter() -> None:
    main = _sample(5)
    del main.files[_path(2)]
    found = judge_whole(None, main, policy=Policy(oldest_root=3))
    assert said(found, "root-history") == []


def test_event_answers_only_for_gaps_it_makes() -> None:
    base, event = _event(3)
    for sample in (base, event):
        del sample.files[_path(2)]
    assert said(judge(base, event), "root-history") == []
    skipping = base.copy()
    skipping.edit("root", version=9)
    assert "roots 4 to 8 missing" in said(judge(base, skipping), "root-history")[0]


def test_enormous_version_is_judged_at_once() -> None:
    base, event = _event(1)
    event.edit("root", version=2**53 - 1)
    event.files[_path(2**31)] = b""
    assert said(judge(base, event), "root-history")


@pytest.mark.parametrize("name", ["README.md", "02.root.json", "0.root.json", "2.root.json.bak"])
def test_odd_file_beside_the_roots_is_refused(name: str) -> None:
    base, event = _event(1)
    path = f"metadata/root_history/{name}"
    event.files[path] = b""
    for found in (judge(base, event), judge_whole(None, event)):
        assert said(found, "root-history") == [
            f"error {path}: is not named <N>.root.json; remove the file"
        ]


def test_deleted_root_leaves_the_rest_to_other_rules() -> None:
    base, event = _event(1)
    del event.files["metadata/root.json"]
    del event.files[_path(1)]
    assert said(judge(base, event), "root-history") == [
        f"error {_path(1)}: root 1 was removed; restore the file"
    ]
