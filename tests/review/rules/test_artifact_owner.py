import pytest
from tests.support.delegating import delegate, terms_of
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample

UNOWNED = "no role may list this file; move, delete or delegate it"
NO_MORE = "no role may list this file any more; delete it, or keep it delegated"


@pytest.mark.parametrize("artifact", ["pypi/x", "npm/1/2/3/4/too-deep", "/npm/x", "\udcff/x"])
def test_row_e_file_in_a_folder_that_no_role_owns_is_refused(artifact: str) -> None:
    base = Sample()
    event = base.copy()
    event.files[f"targets/{artifact}"] = b""
    for found in (judge(base, event), judge_whole(base, event), judge_whole(None, event)):
        (remark,) = said(found, "artifact-owner")
        assert remark.endswith(UNOWNED)
        assert verdict(found) == "refused"


def test_row_e_file_that_loses_its_role_is_refused() -> None:
    base = Sample()
    narrowed, removed = base.copy(), base.copy()
    terms_of(narrowed, "npm", lambda terms: setattr(terms, "paths", ["npm/*/*"]))
    removed.edit("targets", lambda targets: targets.delegations.roles.pop("npm"))
    for event in (narrowed, removed):
        expected = [f"error targets/npm/keys.json: {NO_MORE}"]
        assert said(judge(base, event), "artifact-owner") == expected
        del event.files["targets/npm/keys.json"]
        assert said(judge(base, event), "artifact-owner") == []


def test_file_that_changes_and_loses_its_role_is_named_once() -> None:
    base = Sample()
    event = base.copy()
    event.edit("targets", lambda targets: targets.delegations.roles.pop("npm"))
    event.files["targets/npm/keys.json"] = b"2"
    assert len(said(judge(base, event), "artifact-owner")) == 1


def test_files_with_an_owner_are_fine() -> None:
    base = Sample()
    event = base.copy()
    event.files |= {"targets/top": b"", "targets/npm/1/2/3/x": b"", "targets/a b/x": b""}
    delegate(event, "spaces", ["a b/*"], {})
    assert said(judge(base, event), "artifact-owner") == []
    assert said(judge_whole(None, event), "artifact-owner") == []


def test_event_answers_only_for_files_it_touches() -> None:
    base = Sample()
    base.files["targets/pypi/x"] = b""
    event = base.copy()
    event.put("file.txt", b"2")
    assert said(judge(base, event), "artifact-owner") == []
