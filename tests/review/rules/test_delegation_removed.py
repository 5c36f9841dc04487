from tests.support.judging import consents, judge, said
from tests.support.sample import Sample

RULE = "delegation-removed"


def test_a_removed_delegation_is_named() -> None:
    event = Sample()
    event.edit("targets", lambda targets: targets.delegations.roles.clear())

    found = judge(Sample(), event)

    assert said(found, RULE) == [
        "notice targets: npm is no longer trusted; clients will not find its artifacts"
    ]
    assert not consents(found, RULE)
