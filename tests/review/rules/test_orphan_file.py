from tests.support.delegating import delegate, edit
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample

ERROR = "no role delegates to it; delete the file"


def test_new_or_changed_file_of_no_role_is_refused() -> None:
    base = Sample()
    event = base.copy()
    event.files["metadata/pypi.json"] = event.files["metadata/npm.json"]
    found = judge(base, event)
    assert said(found, "orphan-file") == [f"error pypi: {ERROR}"]
    assert verdict(found) == "refused"
    changed = event.copy()
    changed.files["metadata/pypi.json"] += b" "
    assert said(judge(event, changed), "orphan-file") == [f"error pypi: {ERROR}"]


def test_file_whose_delegation_the_event_removes_is_refused() -> None:
    base = Sample()
    delegate(base, "deep", ["npm/deep/*"], {}, by="npm")
    nested = base.copy()
    edit(nested, "npm", lambda targets: targets.delegations.roles.pop("deep"))
    assert said(judge(base, nested), "orphan-file") == [f"error deep: {ERROR}"]
    top = base.copy()
    edit(top, "targets", lambda targets: targets.delegations.roles.pop("npm"))
    both = [f"error npm: {ERROR}", f"error deep: {ERROR}"]
    assert said(judge(base, top), "orphan-file") == both
    del top.files["metadata/npm.json"]
    assert said(judge(base, top), "orphan-file") == both[1:]
    del top.files["metadata/deep.json"]
    assert said(judge(base, top), "orphan-file") == []


def test_left_over_file_on_main_is_a_notice() -> None:
    main = Sample()
    main.files["metadata/pypi.json"] = main.files["metadata/npm.json"]
    main.files["metadata/README.md"] = b"hello"
    found = judge_whole(None, main)
    assert said(found, "orphan-file") == [
        f"notice {path}: no role's metadata, so it is not published; delete the file"
        for path in ("metadata/README.md", "metadata/pypi.json")
    ]
    assert verdict(found) == "ready"


def test_event_is_silent_on_old_left_overs_and_on_roles() -> None:
    base = Sample()
    base.files["metadata/pypi.json"] = base.files["metadata/npm.json"]
    event = base.copy()
    event.edit("root")
    event.put("npm/keys.json", b"2")
    assert said(judge(base, event), "orphan-file") == []
    assert said(judge(None, Sample()), "orphan-file") == []
