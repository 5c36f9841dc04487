from tests.support.judging import consents, judge, said
from tests.support.sample import Sample

RULE = "period-lengthened"
EXPIRY = "x-tuf-on-ci-expiry-period"


def test_row_l_a_longer_period_needs_its_own_yes() -> None:
    event = Sample()
    event.edit("targets", lambda role: role.unrecognized_fields.update({EXPIRY: 9125}))

    found = judge(Sample(), event)

    assert said(found, RULE) == [
        "notice targets: targets: the expiry period is lengthened from 365 to 9125 days"
    ]
    assert consents(found, RULE)


def test_a_shorter_period_needs_none() -> None:
    event = Sample()
    event.edit("targets", lambda role: role.unrecognized_fields.update({EXPIRY: 300}))

    assert said(judge(Sample(), event), RULE) == []
