import pytest
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample


def _with_online() -> Sample:
    sample = Sample()
    sample.sign_online()
    return sample


@pytest.mark.parametrize("role", ["snapshot", "timestamp"])
def test_event_may_not_add_change_or_delete_online_metadata(role: str) -> None:
    path, signed, unsigned = f"metadata/{role}.json", _with_online(), Sample()
    added, changed, deleted = unsigned.copy(), signed.copy(), signed.copy()
    added.files[path] = b"{}"
    changed.files[path] += b" "
    del deleted.files[path]
    for base, event in ((unsigned, added), (signed, changed), (signed, deleted)):
        found = judge(base, event)
        assert said(found, "online-metadata") == [
            f"error {path}: only online signing makes this file; restore it as main has it"
        ]
        assert verdict(found) == "refused"


def test_import_brings_online_metadata_along() -> None:
    empty = Sample()
    empty.files = {"README.md": b"nothing here yet"}
    assert said(judge(None, _with_online()), "online-metadata") == []
    assert said(judge(empty, _with_online()), "online-metadata") == []


def test_copies_on_main_are_nobodys_business() -> None:
    main = _with_online()
    main.sign_online()
    assert said(judge_whole(_with_online(), main), "online-metadata") == []
