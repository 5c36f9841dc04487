from tests.support.judging import consents, judge, said
from tests.support.sample import Sample, key_for
from tuf.api.metadata import Root

RULE = "key-replaced"


def replace(root: Root, role: str, old: str, new: str) -> None:
    root.revoke_key(key_for(old).keyid, role)
    root.add_key(key_for(new), role)


def test_row_k_another_key_of_the_same_owner_needs_its_own_yes() -> None:
    event = Sample()
    event.edit("root", lambda root: replace(root, "root", "@alice", "@alice#2"))

    found = judge(Sample(), event)

    old, new = key_for("@alice").keyid, key_for("@alice#2").keyid
    assert said(found, RULE) == [
        f"notice root: root: @alice signs with the new key {new}; it was {old}"
    ]
    assert consents(found, RULE)


def test_another_person_is_not_a_replaced_key() -> None:
    event = Sample()
    event.edit("root", lambda root: replace(root, "root", "@alice", "@mallory"))

    found = judge(Sample(), event)

    assert said(found, RULE) == []
    assert said(found, "signer-added") == ["notice root: root: @mallory may sign from now on"]
    assert said(found, "signer-removed") == ["notice root: root: @alice may no longer sign"]
