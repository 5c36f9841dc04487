import pytest
from tests.support.judging import judge, judge_whole, places, said, verdict
from tests.support.sample import Sample

from tufline.repository.format import INVITATIONS_PATH

BAD = {
    "npm/.hidden": "begins with a dot",
    ".git/config": "begins with a dot",
    "npm/../x": "has an empty part",
    "npm//x": "has an empty part",
    "/etc/passwd": "has an empty part",
    "npm/./x": "has an empty part",
    "npm/": "has an empty part",
    "back\\slash": "holds a backslash",
    "tab\tname": "holds characters that cannot be shown",
    "right-to-left\u202eoverride": "holds characters that cannot be shown",
    "not-utf-8-\udcff": "is not UTF-8",
    "per%63ent": "which mean something else in a URL",
    "que?ry": "which mean something else in a URL",
    "a" * 191: "has a part longer than 190 bytes",
    "é" * 96: "has a part longer than 190 bytes",
    "/".join(["folder"] * 150): "is longer than 1000 bytes",
}


@pytest.mark.parametrize("artifact", BAD, ids=ascii)
def test_row_e_bad_name_below_targets_is_refused(artifact: str) -> None:
    base = Sample()
    event = base.copy()
    event.files[f"targets/{artifact}"] = b""
    for found in (judge(base, event), judge_whole(base, event), judge_whole(None, event)):
        (remark,) = said(found, "path-name")
        assert BAD[artifact] in remark
        assert remark.startswith("error targets/")
        assert verdict(found) == "refused"


def test_name_that_cannot_be_shown_is_reported_with_escapes() -> None:
    event = Sample()
    event.files["targets/\udcff\n\x1b[2J"] = b""
    assert "error targets/\\udcff\\n\\x1b[2J" in places(judge_whole(None, event), "path-name")


@pytest.mark.parametrize("artifact", ["trailing.", "trailing ", " leading", 'quo"te', "a:b", "*"])
def test_name_that_some_file_systems_refuse_is_a_notice(artifact: str) -> None:
    event = Sample()
    event.put(artifact, b"1")
    found = judge_whole(None, event)
    assert places(found, "path-name") == [f"notice targets/{artifact}"]
    assert verdict(found) == "ready"


def test_usual_names_are_fine() -> None:
    event = Sample()
    for artifact in ("Ünï cödé.txt", "a-b_c@1+2.3.tar.gz", "npm/x/y/z.json", "a" * 190, "-rf"):
        event.put(artifact, b"1")
    event.files[".github/workflows/x.yml"] = b"not ours to judge"
    assert said(judge_whole(None, event), "path-name") == []


def test_the_invitations_are_the_one_file_that_may_be_hidden() -> None:
    base = Sample()
    event = base.copy()
    event.files[INVITATIONS_PATH] = b'{"invites": {"@eve": ["npm"]}}'
    event.files["metadata/.other"] = b""
    assert places(judge(base, event), "path-name") == ["error metadata/.other"]


def test_event_answers_only_for_names_it_brings() -> None:
    base = Sample()
    base.files["targets/.hidden"] = b""
    event = base.copy()
    event.put("file.txt", b"2")
    assert said(judge(base, event), "path-name") == []
