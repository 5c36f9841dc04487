import pytest
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample, key_for

RULE = "signature"


def with_signature(sample: Sample, role: str, name: str, signature: str) -> Sample:
    event = sample.copy()
    metadata = event.load(role)
    metadata.signatures[key_for(name).keyid].signature = signature
    event.write(role, metadata)
    return event


@pytest.fixture
def edited() -> Sample:
    event = Sample()
    event.edit("targets")
    return event


def stolen_from(sample: Sample) -> str:
    found: str = sample.load("root").signatures[key_for("@carol").keyid].signature
    return found


def test_a_signature_over_other_content_is_refused(edited: Sample) -> None:
    event = with_signature(edited, "targets", "@carol", stolen_from(Sample()))

    found = judge(Sample(), event)

    assert said(found, RULE) == [
        "error targets: the signature of @carol does not verify; remove it and sign again"
    ]
    assert verdict(found) == "refused"
    targets = next(role for role in found.roles if role.name == "targets")
    assert (targets.signed, targets.unverified) == (("@alice", "@bob"), ("@carol",))


@pytest.mark.parametrize("signature", ["00", "30 45", "not hex", "304"])
def test_a_signature_that_is_none_is_refused(edited: Sample, signature: str) -> None:
    event = with_signature(edited, "targets", "@carol", signature)

    assert (
        "error targets: the signature of @carol does not verify; remove it and sign again"
        in said(judge(Sample(), event), RULE)
    )


def test_blanks_in_a_signature_are_refused_though_python_reads_them(edited: Sample) -> None:
    keyid = key_for("@carol").keyid
    right = edited.load("targets").signatures[keyid].signature
    event = with_signature(edited, "targets", "@carol", f"{right[:2]} {right[2:]}")

    assert said(judge(Sample(), event), RULE) == [
        f"error targets: the signature by key {keyid} is not written in hex; remove it"
    ]


def test_an_empty_signature_is_none(edited: Sample) -> None:
    event = with_signature(edited, "targets", "@carol", "")

    found = judge(Sample(), event)

    assert said(found, RULE) == []
    assert verdict(found) == "ready"


def test_a_broken_signature_of_the_root_before_is_refused() -> None:
    event = Sample()
    event.edit("root", lambda root: root.revoke_key(key_for("@carol").keyid, "root"))
    event.sign("root", event.load("root"), ["@alice", "@bob", "@carol"])
    broken = with_signature(event, "root", "@carol", "00")

    assert said(judge(Sample(), event), RULE) == []
    assert said(judge(Sample(), broken), RULE) == [
        "error root: the signature of @carol does not verify; remove it and sign again"
    ]


def test_what_known_good_has_already_is_a_notice(edited: Sample) -> None:
    base = with_signature(edited, "targets", "@carol", "00")
    event = with_signature(base, "targets", "@alice", "")

    assert said(judge(base, event), RULE) == [
        "notice targets: the signature of @carol does not verify; remove it and sign again"
    ]
    assert said(judge_whole(base, base.copy()), RULE) == [
        "notice targets: the signature of @carol does not verify; remove it and sign again"
    ]
    assert verdict(judge_whole(Sample(), base)) == "refused"
