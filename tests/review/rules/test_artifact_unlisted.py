from tests.support.delegating import delegate, edit
from tests.support.judging import judge, judge_whole, places, said, verdict
from tests.support.sample import Sample


def test_new_file_is_waited_for_until_it_is_listed() -> None:
    base = Sample()
    event = base.copy()
    event.files |= {"targets/new": b"1", "targets/npm/new": b"1"}
    found = judge(base, event)
    assert said(found, "artifact-unlisted") == [
        f"waiting {role}: is not listed yet; the metadata must be updated, or the file go"
        for role in ("targets", "npm")
    ]
    assert verdict(found) == "waiting"
    event.put("new", b"1")
    event.put("npm/new", b"1")
    assert said(judge(base, event), "artifact-unlisted") == []
    assert verdict(judge(base, event)) == "ready"


def test_unlisted_file_on_main_is_refused() -> None:
    base = Sample()
    main = base.copy()
    main.files |= {"targets/new": b"1", "targets/npm/new": b"1"}
    for found in (judge_whole(base, main), judge_whole(None, main), judge_whole(main, main)):
        assert said(found, "artifact-unlisted") == [
            f"error {role}: is not listed by the role it belongs to; list it or delete it"
            for role in ("targets", "npm")
        ]
        assert verdict(found) == "refused"


def test_entry_that_goes_before_its_file_is_waited_for() -> None:
    base = Sample()
    event = base.copy()
    edit(event, "npm", lambda targets: targets.targets.clear())
    assert places(judge(base, event), "artifact-unlisted") == ["waiting targets/npm/keys.json"]
    del event.files["targets/npm/keys.json"]
    assert said(judge(base, event), "artifact-unlisted") == []


def test_file_whose_role_goes_before_it_is_waited_for() -> None:
    base = Sample()
    delegate(base, "deep", ["npm/deep/*"], {"npm/deep/x": b"1"}, by="npm")
    event = base.copy()
    edit(event, "npm", lambda targets: targets.delegations.roles.pop("deep"))
    del event.files["metadata/deep.json"]
    assert places(judge(base, event), "artifact-unlisted") == ["waiting targets/npm/deep/x"]
    del event.files["targets/npm/deep/x"]
    assert said(judge(base, event), "artifact-unlisted") == []


def test_file_that_a_nested_role_lists_is_fine() -> None:
    base = Sample()
    event = base.copy()
    delegate(event, "deep", ["npm/deep/*"], {"npm/deep/x": b"1"}, by="npm")
    assert said(judge(base, event), "artifact-unlisted") == []
    assert said(judge_whole(None, event), "artifact-unlisted") == []


def test_event_is_silent_on_files_it_does_not_touch() -> None:
    base = Sample()
    base.files["targets/npm/old"] = b"1"
    event = base.copy()
    event.put("npm/keys.json", b"2")
    assert said(judge(base, event), "artifact-unlisted") == []
