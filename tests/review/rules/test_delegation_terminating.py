from tests.support.judging import consents, judge, said
from tests.support.sample import Sample

RULE = "delegation-terminating"


def test_row_j_a_flipped_terminating_needs_its_own_yes() -> None:
    ending = Sample()
    passing = ending.copy()
    passing.edit("targets", lambda t: setattr(t.delegations.roles["npm"], "terminating", False))
    ending_again = passing.copy()
    ending_again.edit("targets", lambda t: setattr(t.delegations.roles["npm"], "terminating", True))

    off, on = judge(ending, passing), judge(passing, ending_again)

    assert said(off, RULE) == [
        "notice targets: npm: no longer has the last word; roles after it may add to its paths"
    ]
    assert said(on, RULE) == [
        "notice targets: npm: has the last word on its paths; roles after it are not asked"
    ]
    assert consents(off, RULE)
    assert consents(on, RULE)
