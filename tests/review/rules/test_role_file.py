import pytest
from tests.support.delegating import delegate, edit
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample

DELETED = "its metadata was deleted; restore the file, or remove the delegation too"
ABSENT = "has no metadata; add the file, or remove the delegation"


@pytest.mark.parametrize("role", ["root", "targets", "npm"])
def test_row_c_deleted_metadata_of_a_delegated_role_is_refused(role: str) -> None:
    base = Sample()
    event = base.copy()
    del event.files[f"metadata/{role}.json"]
    for found in (judge(base, event), judge_whole(base, event)):
        assert said(found, "role-file") == [f"error {role}: {DELETED}"]
        assert verdict(found) == "refused"


@pytest.mark.parametrize("role", ["root", "targets", "npm"])
def test_row_c_main_without_metadata_of_a_delegated_role_is_refused(role: str) -> None:
    main = Sample()
    del main.files[f"metadata/{role}.json"]
    found = judge_whole(None, main)
    assert f"error {role}: {ABSENT}" in said(found, "role-file")
    assert verdict(found) == "refused"


def test_row_c_new_delegation_without_metadata_is_refused() -> None:
    base = Sample()
    event = base.copy()
    delegate(event, "deep", ["npm/deep/*"], {}, by="npm")
    del event.files["metadata/deep.json"]
    assert said(judge(base, event), "role-file") == [f"error deep: {ABSENT}"]


def test_role_may_go_with_its_delegation() -> None:
    base = Sample()
    delegate(base, "deep", ["npm/deep/*"], {}, by="npm")
    event = base.copy()
    edit(event, "npm", lambda targets: targets.delegations.roles.pop("deep"))
    del event.files["metadata/deep.json"]
    for found in (judge(base, event), judge_whole(base, event)):
        assert said(found, "role-file") == []


def test_event_answers_only_for_roles_it_touches() -> None:
    base = Sample()
    del base.files["metadata/npm.json"]
    event = base.copy()
    event.put("file.txt", b"2")
    assert said(judge(base, event), "role-file") == []
