from securesystemslib.signer import Signature
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample

RULE = "republished"


def base_with_other_signature() -> Sample:
    base = Sample()
    base.sign("targets", base.load("targets"), ["@alice", "@bob"])
    return base


def with_other_signers(base: Sample) -> Sample:
    event = base.copy()
    event.sign("targets", event.load("targets"), ["@bob", "@carol"])
    return event


def test_main_may_not_give_a_published_version_other_signatures() -> None:
    base = base_with_other_signature()

    found = judge_whole(base, with_other_signers(base))

    assert said(found, RULE) == [
        "error targets: version 1 is published with other signatures; make version 2"
    ]
    assert verdict(found) == "refused"


def test_an_event_that_does_waits_until_the_version_is_raised() -> None:
    base = base_with_other_signature()

    found = judge(base, with_other_signers(base))

    assert said(found, RULE) == [
        "waiting targets: version 1 has new signatures; tufline will make a new version of it"
    ]
    assert verdict(found) == "waiting"


def test_empty_signatures_are_not_published_and_may_come_and_go() -> None:
    base = base_with_other_signature()
    event = base.copy()
    metadata = event.load("targets")
    found = metadata.signatures
    metadata.signatures = {keyid: each for keyid, each in found.items() if each.signature}
    metadata.signatures["ab" * 32] = Signature("ab" * 32, "")
    event.write("targets", metadata)

    assert event.files["metadata/targets.json"] != base.files["metadata/targets.json"]
    assert said(judge_whole(base, event), RULE) == []
    assert said(judge(base, event), RULE) == []


def test_main_may_have_a_new_version() -> None:
    base = base_with_other_signature()
    event = base.copy()
    event.edit("targets")

    assert said(judge_whole(base, event), RULE) == []


def test_of_a_root_signed_anew_other_rules_speak() -> None:
    base = Sample()
    event = base.copy()
    event.sign("root", event.load("root"), ["@bob", "@carol"])

    found = judge(base, event)

    assert said(found, RULE) == []
    assert [each.rule for each in found.errors] == ["root-history", "version"]
