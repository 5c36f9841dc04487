from tests.support.judging import judge, said
from tests.support.sample import Sample

RULE = "period-changed"
EXPIRY, SIGNING = "x-tuf-on-ci-expiry-period", "x-tuf-on-ci-signing-period"


def test_row_l_a_shorter_expiry_and_another_signing_period_are_said() -> None:
    event = Sample()
    event.edit("npm", lambda role: role.unrecognized_fields.update({EXPIRY: 300, SIGNING: 30}))
    event.edit("npm", version=2)

    assert said(judge(Sample(), event), RULE) == [
        "notice npm: npm: the expiry period is shortened from 365 to 300 days",
        "notice npm: npm: the signing period changes from 60 to 30 days",
    ]


def test_the_online_roles_periods_are_root_s() -> None:
    event = Sample()
    fields = {EXPIRY: 5, SIGNING: 2}
    event.edit("root", lambda root: root.roles["timestamp"].unrecognized_fields.update(fields))

    assert said(judge(Sample(), event), RULE) == [
        "notice root: timestamp: the expiry period is shortened from 7 to 5 days",
        "notice root: timestamp: the signing period changes from 3 to 2 days",
    ]


def test_unchanged_periods_are_not_mentioned() -> None:
    event = Sample()
    event.edit("root")

    assert said(judge(Sample(), event), RULE) == []
