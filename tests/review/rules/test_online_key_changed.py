from tests.support.judging import consents, judge, said
from tests.support.sample import ONLINE, Sample, key_for
from tuf.api.metadata import Root

RULE = "online-key-changed"


def next_online_key(root: Root) -> None:
    root.revoke_key(key_for(ONLINE).keyid, "timestamp")
    root.add_key(key_for("file2:next"), "timestamp")


def test_another_online_key_needs_its_own_yes() -> None:
    event = Sample()
    event.edit("root", next_online_key)

    found = judge(Sample(), event)

    old, new = key_for(ONLINE).keyid, key_for("file2:next").keyid
    assert said(found, RULE) == [
        (
            f"notice root: timestamp: online keys were file2:online ({old});"
            f" they are file2:next ({new}) from now on"
        )
    ]
    assert consents(found, RULE)


def test_a_person_s_role_that_goes_online_needs_its_own_yes() -> None:
    event = Sample()
    event.edit("targets", lambda targets: targets.add_key(key_for(ONLINE), "npm"))

    assert said(judge(Sample(), event), RULE) == [
        (
            "notice targets: npm: online keys were none; they are file2:online"
            f" ({key_for(ONLINE).keyid}) from now on"
        )
    ]
