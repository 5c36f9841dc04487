import pytest
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample

RULE = "version"


@pytest.fixture
def base() -> Sample:
    sample = Sample()
    sample.edit("root")
    sample.edit("root")
    sample.edit("targets", version=3)
    sample.edit("npm", version=3)
    return sample


def test_row_n_one_step_is_right(base: Sample) -> None:
    event = base.copy()
    for role in ("root", "targets", "npm"):
        event.edit(role)

    found = judge(base, event)

    assert said(found, RULE) == []
    assert verdict(found) == "ready"


def test_row_n_a_larger_step_is_a_notice(base: Sample) -> None:
    event = base.copy()
    event.edit("npm", version=5)

    assert said(judge(base, event), RULE) == [
        "notice npm: version goes from 3 to 5; one step would do"
    ]


def test_row_n_a_step_over_one_hundred_is_refused(base: Sample) -> None:
    event = base.copy()
    event.edit("npm", version=104)

    assert said(judge(base, event), RULE) == ["error npm: version jumps from 3 to 104; make it 4"]


def test_row_n_root_goes_by_exactly_one(base: Sample) -> None:
    event = base.copy()
    event.edit("root", version=5)

    assert said(judge(base, event), RULE) == ["error root: root version is 5; after 3 it must be 4"]


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_version_that_does_not_grow_is_refused(base: Sample, version: int) -> None:
    event = base.copy()
    event.edit("targets", lambda targets: targets.targets.clear(), version=version)

    for found in (judge(base, event), judge_whole(base, event)):
        assert said(found, RULE) == [
            f"error targets: version is {version}, not greater than 3; make it 4"
        ]


def test_other_signatures_on_the_same_version_are_allowed_in_an_event(base: Sample) -> None:
    event = base.copy()
    event.sign("targets", event.load("targets"), ["@alice", "@bob"])

    assert said(judge(base, event), RULE) == []


def test_the_same_root_version_with_other_signatures_is_refused(base: Sample) -> None:
    event = base.copy()
    event.sign("root", event.load("root"), ["@alice", "@bob"])

    assert said(judge(base, event), RULE) == ["error root: root version is 3; after 3 it must be 4"]


def test_main_may_be_several_roots_ahead_of_what_is_published(base: Sample) -> None:
    event = base.copy()
    event.edit("root")
    event.edit("root")

    found = judge_whole(base, event)

    assert said(found, RULE) == []
    assert verdict(found) == "ready"


def test_a_new_role_that_starts_late_is_a_notice(base: Sample) -> None:
    event = base.copy()
    del base.files["metadata/npm.json"]

    assert said(judge(base, event), RULE) == ["notice npm: a new role starts at version 3"]


def test_an_import_may_start_anywhere(base: Sample) -> None:
    assert said(judge(None, base), RULE) == []


def test_an_unreadable_known_version_is_said(base: Sample) -> None:
    event = base.copy()
    base.files["metadata/npm.json"] = b"{}"

    assert said(judge(base, event), RULE) == [
        "notice npm: version is 3; known good's file cannot be read to compare with"
    ]
