from tests.support.delegating import delegate
from tests.support.judging import consents, judge, said
from tests.support.sample import Sample
from tuf.api.metadata import Delegations, Targets

RULE = "delegation-order"


def turn_round(targets: Targets) -> None:
    assert isinstance(targets.delegations, Delegations)
    roles = targets.delegations.roles or {}
    targets.delegations.roles = dict(reversed(roles.items()))


def test_row_j_another_order_needs_its_own_yes() -> None:
    base = Sample()
    delegate(base, "pypi", ["npm/keys.json"], {})
    event = base.copy()
    event.edit("targets", turn_round)

    found = judge(base, event)

    assert said(found, RULE) == [
        "notice targets: roles were asked in the order npm, pypi; now pypi, npm"
    ]
    assert consents(found, RULE)


def test_a_new_role_is_no_new_order() -> None:
    event = Sample()
    delegate(event, "pypi", ["npm/keys.json"], {}, first=True)

    assert said(judge(Sample(), event), RULE) == []
