from typing import Any

from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample

from tufline.repository.review import Policy

RULE = "known-good"


def refusal(role: str, version: int) -> str:
    what = f"main's version {version} lacks signatures, so nobody would see what it changed"
    return f"error {role}: {what}; revert it on main first"


def with_new_artifact(base: Sample) -> Sample:
    event = base.copy()
    event.put("file.txt", b"two\n")
    return event


def test_a_change_on_top_of_what_nobody_signed_is_refused() -> None:
    base = Sample()
    base.edit("targets", signers=["@alice"])

    found = judge(base, with_new_artifact(base))

    assert said(found, RULE) == [refusal("targets", 2)]
    assert verdict(found) == "refused"


def test_a_delegator_that_nobody_signed_stops_a_change_of_its_role() -> None:
    base = Sample()
    base.edit("targets", signers=[])
    event = base.copy()
    event.put("npm/keys.json", b"two\n")

    assert said(judge(base, event), RULE) == [refusal("targets", 2)]


def test_main_s_root_needs_the_root_before_it_unless_no_client_holds_that() -> None:
    base = Sample()

    def only_bob_and_carol(root: Any) -> None:  # noqa: ANN401 - python-tuf's
        del root.roles["root"].keyids[0]
        root.roles["root"].threshold = 1

    base.edit("root", only_bob_and_carol, signers=["@carol"])
    event = with_new_artifact(base)

    assert said(judge(base, event), RULE) == [refusal("root", 2)]
    assert said(judge(base, event, policy=Policy(oldest_root=2)), RULE) == []


def test_a_delegator_that_the_event_drops_is_asked_too() -> None:
    base = Sample()
    base.edit("npm", signers=[])
    event = base.copy()
    event.edit("npm", signers=["@dave"])

    def drop(targets: Any) -> None:  # noqa: ANN401 - python-tuf's
        targets.delegations = None

    event.edit("targets", drop)

    assert refusal("npm", 2) in said(judge(base, event), RULE)


def test_signed_main_a_new_repository_and_all_of_main_are_no_matter() -> None:
    unsigned = Sample()
    unsigned.edit("targets", signers=[])

    assert said(judge(Sample(), with_new_artifact(Sample())), RULE) == []
    assert said(judge(None, Sample()), RULE) == []
    assert said(judge_whole(unsigned, with_new_artifact(unsigned)), RULE) == []


def test_what_cannot_be_read_is_left_to_other_rules() -> None:
    base = Sample()
    base.files["metadata/npm.json"] = b"{"
    event = base.copy()
    event.files["metadata/npm.json"] = Sample().files["metadata/npm.json"]

    assert said(judge(base, event), RULE) == []
