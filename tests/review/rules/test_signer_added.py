from tests.support.judging import consents, judge, said
from tests.support.sample import Sample, key_for

RULE = "signer-added"


def test_row_j_a_new_signer_needs_its_own_yes() -> None:
    event = Sample()
    event.edit("targets", lambda targets: targets.add_key(key_for("@mallory"), "npm"))

    found = judge(Sample(), event)

    assert said(found, RULE) == ["notice targets: npm: @mallory may sign from now on"]
    assert consents(found, RULE)


def test_a_second_key_of_a_signer_is_another_rule_s() -> None:
    event = Sample()
    event.edit("root", lambda root: root.add_key(key_for("@alice#2"), "targets"))

    assert said(judge(Sample(), event), RULE) == []
