from tests.support.judging import consents, judge, said
from tests.support.sample import Sample

RULE = "delegation-narrowed"


def test_paths_that_go_are_named() -> None:
    event = Sample()
    event.edit("targets", lambda t: t.delegations.roles["npm"].paths.pop())

    found = judge(Sample(), event)

    assert said(found, RULE) == ["notice targets: npm: is no longer trusted for 'npm/*/*/*/*'"]
    assert not consents(found, RULE)
