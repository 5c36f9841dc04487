from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample, key_for
from tuf.api.metadata import Targets

RULE = "resign-needed"


def replace_delegate(targets: Targets) -> None:
    targets.revoke_key(key_for("@dave").keyid, "npm")
    targets.add_key(key_for("@mallory"), "npm")


def test_row_m_an_unchanged_role_must_satisfy_its_delegator_s_new_keys() -> None:
    event = Sample()
    event.edit("targets", replace_delegate)

    found = judge(Sample(), event)

    assert said(found, RULE) == [
        (
            "waiting npm: its signatures are not enough for the new targets;"
            " tufline will make a new"
            " version to sign"
        )
    ]
    assert verdict(found) == "waiting"


def test_row_m_old_targets_must_satisfy_a_new_root() -> None:
    base = Sample()
    base.edit("targets", signers=["@alice", "@bob"])
    event = base.copy()
    event.edit("root", lambda root: setattr(root.roles["targets"], "threshold", 3))

    found = judge(base, event)

    assert said(found, RULE) == [
        (
            "waiting targets: its signatures are not enough for the new root;"
            " tufline will make a new"
            " version to sign"
        )
    ]
    assert verdict(found) == "waiting"


def test_on_main_it_is_refused() -> None:
    event = Sample()
    event.edit("targets", replace_delegate)

    found = judge_whole(Sample(), event)

    assert said(found, RULE) == []
    assert said(found, "unsigned") == [
        "error npm: 0 of 1 signatures that targets asks for; missing: @mallory"
    ]


def test_signatures_that_are_still_enough_stay() -> None:
    event = Sample()
    event.edit("targets", lambda targets: targets.add_key(key_for("@mallory"), "npm"))

    found = judge(Sample(), event)

    assert said(found, RULE) == []
    assert verdict(found) == "ready"
