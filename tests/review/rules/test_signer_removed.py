from tests.support.judging import consents, judge, said
from tests.support.sample import Sample, key_for

RULE = "signer-removed"


def test_a_removed_signer_is_named() -> None:
    event = Sample()
    event.edit("root", lambda root: root.revoke_key(key_for("@carol").keyid, "targets"))

    found = judge(Sample(), event)

    assert said(found, RULE) == ["notice root: targets: @carol may no longer sign"]
    assert not consents(found, RULE)
