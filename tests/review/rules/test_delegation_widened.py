from tests.support.judging import consents, judge, said
from tests.support.sample import Sample

RULE = "delegation-widened"
WAS = "'npm/*', 'npm/*/*', 'npm/*/*/*', 'npm/*/*/*/*'"


def test_row_j_widened_paths_need_their_own_yes() -> None:
    event = Sample()
    event.edit("targets", lambda t: t.delegations.roles["npm"].paths.append("*"))

    found = judge(Sample(), event)

    assert said(found, RULE) == [
        f"notice targets: npm: was trusted for {WAS}; is trusted for {WAS}, '*'"
    ]
    assert consents(found, RULE)


def test_fewer_paths_need_none() -> None:
    event = Sample()
    event.edit("targets", lambda t: t.delegations.roles["npm"].paths.pop())

    assert said(judge(Sample(), event), RULE) == []
