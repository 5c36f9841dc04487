import pytest
from tests.support.delegating import add_artifacts, delegate, terms_of
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample

REMARK = "lists it and may not; remove the entry or delegate the path to"


@pytest.mark.parametrize("artifact", ["other/x", "top-level", "npm/1/2/3/4/too-deep"])
def test_entry_outside_what_is_delegated_is_refused(artifact: str) -> None:
    base = Sample()
    event = base.copy()
    add_artifacts(event, "npm", {artifact: b"1"})
    for found in (judge(base, event), judge_whole(base, event), judge_whole(None, event)):
        assert said(found, "artifact-delegation") == [f"error npm: npm {REMARK} npm"]
        assert verdict(found) == "refused"


@pytest.mark.parametrize("artifact", ["npm/other.json", "nobody/x"])
def test_targets_lists_nothing_in_folders(artifact: str) -> None:
    base = Sample()
    event = base.copy()
    add_artifacts(event, "targets", {artifact: b"1"})
    for found in (judge(base, event), judge_whole(None, event)):
        assert said(found, "artifact-delegation") == [
            (
                "error targets: targets lists a file in a folder; only a delegated role may, "
                "remove the entry"
            )
        ]


def test_entries_of_an_unchanged_role_are_judged_when_its_paths_narrow() -> None:
    base = Sample()
    event = base.copy()
    terms_of(event, "npm", lambda terms: setattr(terms, "paths", ["npm/other", "npm/*/*"]))
    found = judge(base, event)
    assert said(found, "artifact-delegation") == [f"error npm: npm {REMARK} npm"]
    assert verdict(found) == "refused"


def test_entries_of_a_nested_role_are_judged_when_paths_narrow_above_it() -> None:
    base = Sample()
    delegate(base, "deep", ["npm/deep/*"], {"npm/deep/x": b"1"}, by="npm")
    event = base.copy()
    terms_of(event, "npm", lambda terms: setattr(terms, "paths", ["npm/*"]))
    assert said(judge(base, event), "artifact-delegation") == [f"error deep: deep {REMARK} deep"]


def test_entries_within_what_is_delegated_are_fine() -> None:
    base = Sample()
    event = base.copy()
    delegate(event, "deep", ["npm/deep/*", "npm/?"], {"npm/deep/x": b"1", "npm/x": b"2"}, by="npm")
    add_artifacts(event, "npm", {"npm/1/2/3/deep": b"1"})
    add_artifacts(event, "targets", {"top-level": b"1"})
    assert said(judge(base, event), "artifact-delegation") == []
    assert said(judge_whole(None, event), "artifact-delegation") == []


def test_changing_keys_alone_judges_no_artifact_of_the_role() -> None:
    base = Sample()
    add_artifacts(base, "npm", {"other/x": b"1"})
    event = base.copy()
    terms_of(event, "npm", lambda terms: terms.unrecognized_fields.update(x=1))
    assert said(judge(base, event), "artifact-delegation") == []
