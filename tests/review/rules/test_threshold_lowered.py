from tests.support.judging import consents, judge, judge_whole, said
from tests.support.sample import Sample

RULE = "threshold-lowered"


def test_row_j_a_lowered_threshold_needs_its_own_yes() -> None:
    event = Sample()
    event.edit("root", lambda root: setattr(root.roles["targets"], "threshold", 1))

    found = judge(Sample(), event)

    assert said(found, RULE) == ["notice root: targets: signatures needed go down from 2 to 1"]
    assert consents(found, RULE)


def test_a_raised_threshold_needs_none() -> None:
    event = Sample()
    event.edit("root", lambda root: setattr(root.roles["targets"], "threshold", 3))

    assert said(judge(Sample(), event), RULE) == []


def test_what_people_agreed_to_is_not_repeated_on_main() -> None:
    event = Sample()
    event.edit("root", lambda root: setattr(root.roles["targets"], "threshold", 1))

    assert said(judge_whole(Sample(), event), RULE) == []
