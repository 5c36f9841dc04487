import pytest
from tests.support.judging import judge, said
from tests.support.sample import Sample, key_for

from tufline.repository.review import Policy

RULE = "key-kind"


@pytest.mark.parametrize("role", ["root", "targets"])
def test_an_online_key_for_root_or_targets_is_refused(role: str) -> None:
    event = Sample()
    event.edit("root", lambda root: root.add_key(key_for("file2:next"), role))

    assert said(judge(Sample(), event), RULE) == [
        f"error root: {role} is signed by people, not by file2:next"
    ]


def test_an_online_key_for_targets_is_taken_where_the_settings_say_so() -> None:
    event = Sample()
    event.edit("root", lambda root: root.add_key(key_for("file2:next"), "targets"))
    event.edit("root", lambda root: root.add_key(key_for("file2:next"), "root"), version=2)

    policy = Policy(online_targets=True)
    assert said(judge(Sample(), event, policy=policy), RULE) == [
        "error root: root is signed by people, not by file2:next"
    ]


@pytest.mark.parametrize("role", ["snapshot", "timestamp"])
def test_a_person_for_snapshot_or_timestamp_is_refused(role: str) -> None:
    event = Sample()
    event.edit("root", lambda root: root.add_key(key_for("@alice"), role))

    assert said(judge(Sample(), event), RULE) == [
        f"error root: {role} is signed by an online key, not by @alice"
    ]


def test_known_good_s_own_is_a_notice() -> None:
    base = Sample()
    base.edit("root", lambda root: root.add_key(key_for("@alice"), "timestamp"))
    event = base.copy()
    event.edit("root")

    assert said(judge(base, event), RULE) == [
        "notice root: timestamp is signed by an online key, not by @alice"
    ]


def test_a_delegated_role_may_have_either() -> None:
    event = Sample()
    event.edit("targets", lambda targets: targets.add_key(key_for("file2:next"), "npm"))

    assert said(judge(Sample(), event), RULE) == []
