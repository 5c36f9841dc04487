import pytest
from tests.support.judging import judge, judge_whole, places, said, verdict
from tests.support.sample import Sample

from tufline.repository.format import INVITATIONS_PATH

OTHERS = [
    ".github/workflows/online-sign.yml",
    "tufline.toml",
    "README.md",
    "metadata/README.md",
    "metadata/deeper/npm.json",
    "metadata/root_history/README.md",
    "metadata",
    "targets",
    "Targets/file.txt",
]


@pytest.mark.parametrize("path", OTHERS)
def test_row_f_file_that_is_no_ones_business_is_refused(path: str) -> None:
    base = Sample()
    added, deleted = base.copy(), base.copy()
    added.files[path] = b"1"
    for before, after in ((deleted, added), (added, deleted)):
        found = judge(before, after)
        assert said(found, "unclaimed-path") == [
            f"error {path}: an event may not change this file; propose it to main directly"
        ]
        assert verdict(found) == "refused"


def test_each_such_file_is_named() -> None:
    base = Sample()
    event = base.copy()
    event.files |= dict.fromkeys(OTHERS, b"1")
    assert places(judge(base, event), "unclaimed-path") == [
        f"error {path}" for path in sorted(OTHERS)
    ]


def test_what_people_sign_and_deliver_is_claimed() -> None:
    base = Sample()
    event = base.copy()
    event.edit("root")
    event.put("npm/keys.json", b"2")
    event.files[INVITATIONS_PATH] = b'{"invites": {"@eve": ["npm"]}}'
    assert said(judge(base, event), "unclaimed-path") == []


def test_main_may_hold_other_files() -> None:
    main = Sample()
    main.files |= {"tufline.toml": b"", ".github/workflows/x.yml": b""}
    assert said(judge_whole(None, main), "unclaimed-path") == []
    assert said(judge_whole(Sample(), main), "unclaimed-path") == []
