from datetime import timedelta

from tests.support.judging import judge, said, verdict
from tests.support.sample import Sample

from tufline.repository.review import Policy

RULE = "longest-expiry"
EXPIRY = "x-tuf-on-ci-expiry-period"
POLICY = Policy(longest_expiry={"root": timedelta(days=400), "*": timedelta(days=365)})


def test_row_l_a_period_beyond_the_settings_is_refused() -> None:
    event = Sample()
    event.edit("npm", lambda role: role.unrecognized_fields.update({EXPIRY: 366}))

    found = judge(Sample(), event, policy=POLICY)

    assert said(found, RULE) == [
        "error npm: npm: an expiry period of 366 days; tufline.toml allows 365"
    ]
    assert verdict(found) == "refused"
    assert said(judge(Sample(), event), RULE) == []


def test_a_role_can_have_its_own_maximum() -> None:
    assert said(judge(Sample(), with_root_period(400), policy=POLICY), RULE) == []
    assert len(said(judge(Sample(), with_root_period(401), policy=POLICY), RULE)) == 1


def with_root_period(days: int) -> Sample:
    event = Sample()
    event.edit("root", lambda root: root.unrecognized_fields.update({EXPIRY: days}))
    return event


def test_the_online_roles_periods_count_too() -> None:
    event = Sample()
    event.edit(
        "root", lambda root: root.roles["snapshot"].unrecognized_fields.update({EXPIRY: 999})
    )

    assert said(judge(Sample(), event, policy=POLICY), RULE) == [
        "error root: snapshot: an expiry period of 999 days; tufline.toml allows 365"
    ]


def test_a_period_that_known_good_has_too_is_a_notice() -> None:
    base = Sample()
    base.edit("npm", lambda role: role.unrecognized_fields.update({EXPIRY: 366}))
    event = base.copy()
    event.edit("npm")

    assert said(judge(base, event, policy=POLICY), RULE) == [
        "notice npm: npm: an expiry period of 366 days; tufline.toml allows 365"
    ]
