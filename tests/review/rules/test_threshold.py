import json

from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample

RULE = "threshold"


def with_threshold(threshold: int) -> Sample:
    sample = Sample()
    sample.edit("targets", lambda t: setattr(t.delegations.roles["npm"], "threshold", threshold))
    return sample


def invite(sample: Sample, *people: str) -> None:
    invites = {person: ["npm"] for person in people}
    sample.files["metadata/.signing-event-state"] = json.dumps({"invites": invites}).encode()


def test_row_m_a_threshold_above_the_keys_is_refused() -> None:
    found = judge(Sample(), with_threshold(2))

    assert said(found, RULE) == [
        "error targets: npm has a threshold of 2 and 1 keys; lower it or invite signers"
    ]
    assert verdict(found) == "refused"
    assert verdict(judge_whole(Sample(), with_threshold(2))) == "refused"


def test_row_m_it_is_waited_for_while_enough_people_are_invited() -> None:
    event = with_threshold(2)
    invite(event, "@eve")

    found = judge(Sample(), event)

    assert said(found, RULE) == []
    assert verdict(found) == "waiting"


def test_row_m_too_few_invitations_do_not_help() -> None:
    event = with_threshold(3)
    invite(event, "@eve")

    assert said(judge(Sample(), event), RULE) == [
        (
            "error targets: npm has a threshold of 3 and 1 keys and 1 invited; lower it or invite"
            " signers"
        )
    ]


def test_an_invited_signer_who_has_a_key_already_counts_once() -> None:
    event = with_threshold(2)
    invite(event, "@dave")

    assert len(said(judge(Sample(), event), RULE)) == 1


def test_row_m_root_s_own_threshold_counts_too() -> None:
    event = Sample()
    event.edit("root", lambda root: setattr(root.roles["timestamp"], "threshold", 2))

    assert said(judge(Sample(), event), RULE) == [
        "error root: timestamp has a threshold of 2 and 1 keys; lower it or invite signers"
    ]
