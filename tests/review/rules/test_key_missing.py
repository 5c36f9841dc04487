from tests.support.judging import judge, said
from tests.support.sample import Sample, key_for

RULE = "key-missing"


def without_key() -> Sample:
    sample = Sample()
    keyid = key_for("@carol").keyid
    sample.edit("root", lambda root: root.keys.pop(keyid), signers=["@alice", "@bob"])
    return sample


def test_a_role_that_names_a_key_nobody_knows_is_refused() -> None:
    keyid = key_for("@carol").keyid

    assert said(judge(Sample(), without_key()), RULE) == [
        f"error root: {role} names the key {keyid}, which is not listed; add or remove it"
        for role in ("root", "targets")
    ]


def test_known_good_s_own_is_a_notice() -> None:
    base = without_key()
    event = base.copy()
    event.edit("root")

    lines = said(judge(base, event), RULE)
    assert [line.partition(":")[0] for line in lines] == ["notice root", "notice root"]
