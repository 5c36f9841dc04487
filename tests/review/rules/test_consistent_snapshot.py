import pytest
from tests.support.judging import judge, said
from tests.support.sample import Sample

RULE = "consistent-snapshot"


def with_setting(*, value: object) -> Sample:
    sample = Sample()
    sample.edit("root", lambda root: setattr(root, "consistent_snapshot", value))
    return sample


@pytest.mark.parametrize("value", [False, None])
def test_a_root_that_turns_it_off_is_refused(value: object) -> None:
    assert said(judge(Sample(), with_setting(value=value)), RULE) == [
        "error root: consistent_snapshot must be true; set it in the next root"
    ]


def test_a_repository_that_never_had_it_is_told() -> None:
    base = with_setting(value=False)
    event = base.copy()
    event.edit("root")

    assert said(judge(base, event), RULE) == [
        "notice root: consistent_snapshot must be true; set it in the next root"
    ]


def test_an_event_that_leaves_root_alone_is_not_told() -> None:
    base = with_setting(value=False)
    event = base.copy()
    event.edit("npm")

    assert said(judge(base, event), RULE) == []
