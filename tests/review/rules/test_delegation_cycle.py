import pytest
from tests.support.delegating import delegate, edit
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample, key_for
from tuf.api.metadata import DelegatedRole, Delegations, Targets

RULE = "delegation-cycle"


def back_to_npm(targets: Targets) -> None:
    role = DelegatedRole("npm", [], 1, terminating=False, paths=["npm/*"])
    targets.delegations = Delegations({}, {"npm": role})
    targets.add_key(key_for("@dave"), "npm")


@pytest.fixture
def nested() -> Sample:
    sample = Sample()
    delegate(sample, "deep", ["npm/deep/*"], {}, by="npm")
    return sample


def test_a_role_that_delegates_to_itself_is_refused() -> None:
    event = Sample()
    event.edit("npm", back_to_npm)

    found = judge(Sample(), event)

    assert said(found, RULE) == [
        "error npm: delegates to itself, by way of others; remove the delegation"
    ]
    assert verdict(found) == "refused"


def test_a_role_that_comes_back_to_itself_by_another_is_refused(nested: Sample) -> None:
    event = nested.copy()
    edit(event, "deep", back_to_npm)

    assert said(judge(nested, event), RULE) == [
        "error deep: delegates to itself, by way of others; remove the delegation"
    ]
    assert sorted(line[:10] for line in said(judge_whole(nested, event), RULE)) == [
        "error deep",
        "notice npm",
    ]


def test_nested_delegations_without_a_cycle_are_fine(nested: Sample) -> None:
    assert said(judge(Sample(), nested), RULE) == []
    assert said(judge_whole(Sample(), nested), RULE) == []
