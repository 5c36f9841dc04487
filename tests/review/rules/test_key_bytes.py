from securesystemslib.signer import Key
from tests.support.judging import judge, said, verdict
from tests.support.sample import Sample, key_for

RULE = "key-bytes"


def swapped(name: str, by: str) -> Key:
    other = key_for(by)
    other.keyid = key_for(name).keyid
    other.unrecognized_fields.update(key_for(name).unrecognized_fields)
    return other


def test_row_k_key_bytes_swapped_under_the_same_id_are_refused() -> None:
    event = Sample()
    key = swapped("@alice", "@mallory")
    event.edit("root", lambda root: root.keys.update({key.keyid: key}))

    found = judge(Sample(), event)

    assert said(found, RULE) == [
        (
            f"error root: key {key.keyid} is @alice's; in known good's root it is"
            " @alice's with other"
            " content; a changed key needs its own id"
        )
    ]
    assert verdict(found) == "refused"


def test_row_k_another_owner_under_the_same_id_is_refused() -> None:
    event = Sample()
    key = key_for("@alice")
    key.unrecognized_fields["x-tuf-on-ci-keyowner"] = "@mallory"
    event.edit("root", lambda root: root.keys.update({key.keyid: key}))

    assert said(judge(Sample(), event), RULE) == [
        (
            f"error root: key {key.keyid} is @mallory's; in known good's root it is @alice's with"
            " other content; a changed key needs its own id"
        )
    ]


def test_one_id_is_one_key_in_all_delegators() -> None:
    event = Sample()
    key = swapped("@alice", "@mallory")
    event.edit("targets", lambda targets: targets.add_key(key, "npm"))

    assert said(judge(Sample(), event), RULE) == [
        (
            f"error targets: key {key.keyid} is @alice's; in known good's root it is @alice's with"
            " other content; a changed key needs its own id"
        )
    ]


def test_an_event_that_brings_both_is_refused() -> None:
    event = Sample()
    key = key_for("@mallory")
    other = swapped("@mallory", "@dave")

    event.edit("root", lambda root: root.add_key(key, "root"))
    event.edit("targets", lambda targets: targets.add_key(other, "npm"))

    lines = said(judge(Sample(), event), RULE)
    assert len(lines) == 1
    assert lines[0].startswith(f"error targets: key {key.keyid} is @mallory's; in root it is")


def test_what_known_good_has_already_is_a_notice() -> None:
    base = Sample()
    key = swapped("@alice", "@mallory")
    base.edit("targets", lambda targets: targets.add_key(key, "npm"))
    event = base.copy()
    event.edit("targets")

    assert [line.partition(":")[0] for line in said(judge(base, event), RULE)] == ["notice targets"]


def test_the_same_key_in_two_delegators_is_fine() -> None:
    event = Sample()
    event.edit("targets", lambda targets: targets.add_key(key_for("@alice"), "npm"))

    assert said(judge(Sample(), event), RULE) == []
