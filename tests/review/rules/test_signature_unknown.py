from securesystemslib.signer import Signature
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample, key_for
from tuf.api.metadata import Root

RULE = "signature-unknown"
MESSAGE = f"signed by key {key_for('@mallory').keyid}, which may not sign this role"


def signed_by_a_stranger(base: Sample, role: str = "targets") -> Sample:
    event = base.copy()
    signers = ["@dave"] if role == "npm" else ["@alice", "@bob"]
    event.edit(role, signers=[*signers, "@mallory"])
    return event


def test_a_stranger_s_signature_is_refused() -> None:
    found = judge(Sample(), signed_by_a_stranger(Sample()))

    assert said(found, RULE) == [f"error targets: {MESSAGE}; remove the signature"]
    assert verdict(found) == "refused"


def test_it_does_not_help_to_meet_the_threshold() -> None:
    event = Sample()
    event.edit("targets", signers=["@alice", "@mallory"])

    targets = next(role for role in judge(Sample(), event).roles if role.name == "targets")

    assert targets.signed == ("@alice",)
    assert not targets.ready


def test_everyone_in_the_old_or_the_new_root_may_sign_root() -> None:
    event = Sample()

    def change(root: Root) -> None:
        root.revoke_key(key_for("@carol").keyid, "root")
        root.add_key(key_for("@mallory"), "root")

    event.edit("root", change)
    event.sign("root", event.load("root"), ["@alice", "@bob", "@carol", "@mallory"])

    assert said(judge(Sample(), event), RULE) == []


def test_a_removed_signer_s_old_signature_may_stay() -> None:
    base = Sample()
    base.edit("targets", lambda targets: targets.add_key(key_for("@mallory"), "npm"))
    base.edit("npm", signers=["@dave", "@mallory"])
    event = base.copy()
    event.edit("targets", lambda t: t.revoke_key(key_for("@mallory").keyid, "npm"))

    assert said(judge(base, event), RULE) == []
    assert said(judge_whole(base, event), RULE) == []


def test_what_known_good_has_already_is_a_notice_and_new_on_main_an_error() -> None:
    base = signed_by_a_stranger(Sample(), "npm")

    assert said(judge_whole(base, base.copy()), RULE) == [
        f"notice npm: {MESSAGE}; remove the signature"
    ]
    assert said(judge_whole(Sample(), base), RULE) == [
        f"error npm: {MESSAGE}; remove the signature"
    ]


def test_without_known_good_it_is_a_notice_for_it_may_be_of_somebody_who_left() -> None:
    base = signed_by_a_stranger(Sample(), "npm")

    found = judge_whole(None, base)

    assert said(found, RULE) == [f"notice npm: {MESSAGE}; remove the signature"]
    assert verdict(found) != "refused"


def test_an_empty_entry_of_a_stranger_is_no_signature() -> None:
    event = Sample()
    event.edit("npm")
    metadata = event.load("npm")
    keyid = key_for("@mallory").keyid
    metadata.signatures[keyid] = Signature(keyid, "")
    event.write("npm", metadata)

    assert said(judge(Sample(), event), RULE) == []
