from datetime import timedelta

import pytest
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import EXPIRY_DAYS, NOW, Sample

from tufline.repository.review import Policy

RULE = "expiry"
LATER = NOW + timedelta(days=400)


@pytest.mark.parametrize("role", ["root", "targets"])
def test_row_b_expired_root_or_targets_on_main_is_refused(role: str) -> None:
    base = Sample()
    for other in {"root", "targets", "npm"} - {role}:
        base.edit(other, now=LATER)

    found = judge_whole(base, base.copy(), now=LATER)

    assert said(found, RULE) == [
        f"error {role}: expired on 2027-03-01 12:00 UTC; sign a new version"
    ]
    assert verdict(found) == "refused"


def test_row_b_an_expired_delegated_role_on_main_is_a_notice() -> None:
    base = Sample()
    base.edit("root", now=LATER)
    base.edit("targets", now=LATER)

    found = judge_whole(base, base.copy(), now=LATER)

    assert said(found, RULE) == ["notice npm: expired on 2027-03-01 12:00 UTC; sign a new version"]
    assert verdict(found) == "unchanged"


def test_the_very_second_of_expiry_is_too_late() -> None:
    end = NOW + timedelta(days=EXPIRY_DAYS)

    assert said(judge_whole(Sample(), Sample(), now=end - timedelta(seconds=1)), RULE) == []
    assert verdict(judge_whole(Sample(), Sample(), now=end)) == "refused"


def test_an_event_may_not_bring_expired_targets() -> None:
    base = Sample()
    event = base.copy()
    event.edit("targets")

    assert said(judge(base, event, now=LATER), RULE) == [
        "error targets: expired on 2027-03-01 12:00 UTC; sign a new version"
    ]


def test_an_event_is_not_judged_by_expired_roles_that_it_leaves_alone() -> None:
    base = Sample()
    event = base.copy()
    event.edit("npm", now=LATER)

    assert said(judge(base, event, now=LATER), RULE) == []


def test_row_l_validity_beyond_the_period_is_refused() -> None:
    base = Sample()
    event = base.copy()
    event.edit("targets", now=NOW + timedelta(days=25 * 365))

    assert said(judge(base, event), RULE) == [
        "error targets: expires on 2052-02-23 12:00 UTC, more than its 365 days from now"
    ]


def test_clocks_may_differ_by_five_minutes() -> None:
    base = Sample()
    for minutes, expected in ((5, 0), (6, 1)):
        event = base.copy()
        event.edit("targets", now=NOW + timedelta(minutes=minutes))

        assert len(said(judge(base, event), RULE)) == expected


def test_without_a_stated_period_the_settings_hold() -> None:
    base = Sample()
    event = base.copy()
    event.edit("npm", lambda role: role.unrecognized_fields.clear())
    policy = Policy(longest_expiry={"*": timedelta(days=100)})

    assert said(judge(base, event, policy=policy), RULE) == [
        "error npm: expires on 2027-03-01 12:00 UTC, more than its 100 days from now"
    ]
