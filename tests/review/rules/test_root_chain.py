from collections.abc import Iterable

from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import PEOPLE, Sample, key_for, signer_for
from tuf.api.metadata import Metadata, Root

from tufline.repository.review import Policy

RULE = "root-chain"


def chain(length: int) -> Sample:
    sample = Sample()
    for _ in range(length - 1):
        sample.edit("root")
    return sample


def resign(sample: Sample, version: int, signers: Iterable[str]) -> None:
    path = f"metadata/root_history/{version}.root.json"
    metadata: Metadata[Root] = Metadata.from_bytes(sample.files[path])
    metadata.signatures.clear()
    for name in signers:
        metadata.sign(signer_for(name), append=True)
    sample.files[path] = metadata.to_bytes()


def test_a_chain_that_verifies_is_fine() -> None:
    assert said(judge_whole(None, chain(20)), RULE) == []
    assert said(judge_whole(chain(1), chain(1)), RULE) == []


def test_a_step_without_the_old_root_s_threshold_is_refused() -> None:
    event = chain(3)
    resign(event, 2, ["@alice"])

    found = judge_whole(Sample(), event)

    assert said(found, RULE) == [
        (
            "error root: root 2 has 1 of 2 signatures by the keys of itself;"
            " clients that hold an older"
            " one are cut off"
        )
    ]
    assert verdict(found) == "refused"


def test_a_root_that_only_its_own_keys_signed_is_refused() -> None:
    event = Sample()

    def take_over(root: Root) -> None:
        for name in PEOPLE:
            root.revoke_key(key_for(name).keyid, "root")
        root.add_key(key_for("@mallory"), "root")
        root.roles["root"].threshold = 1

    event.edit("root", take_over)
    event.sign("root", event.load("root"), ["@mallory"])

    assert said(judge_whole(Sample(), event), RULE) == [
        (
            "error root: root 2 has 0 of 2 signatures by the keys of the root"
            " before it; clients that"
            " hold an older one are cut off"
        )
    ]
    assert verdict(judge(Sample(), event)) == "waiting"


def test_a_gap_is_refused() -> None:
    event = chain(4)
    del event.files["metadata/root_history/3.root.json"]

    assert said(judge_whole(Sample(), event), RULE) == [
        "error root: root 3 is missing in root_history; clients that hold an older one are cut off"
    ]


def test_a_file_that_is_another_version_is_refused() -> None:
    event = chain(4)
    files = event.files
    files["metadata/root_history/3.root.json"] = files["metadata/root_history/2.root.json"]

    assert said(judge_whole(Sample(), event), RULE) == [
        "error root: root 3 says it is version 2; clients that hold an older one are cut off"
    ]


def test_a_root_in_between_that_cannot_be_read_is_refused() -> None:
    event = chain(3)
    event.files["metadata/root_history/2.root.json"] = b"{}"

    assert said(judge_whole(Sample(), event), RULE) == [
        (
            "error root: root 2 cannot be read: not TUF metadata: no object"
            " 'signed'; clients that hold"
            " an older one are cut off"
        )
    ]


def test_known_good_s_root_is_believed_not_main_s_copy_of_it() -> None:
    base, event = Sample(), chain(2)
    forged = Metadata[Root].from_bytes(event.files["metadata/root_history/1.root.json"])
    forged.signed.roles["root"].threshold = 1
    event.files["metadata/root_history/1.root.json"] = forged.to_bytes()
    event.sign("root", event.load("root"), ["@alice"])

    assert verdict(judge_whole(base, event)) == "refused"
    assert len(said(judge_whole(base, event), RULE)) == 1


def test_old_roots_that_do_not_verify_are_told_of_on_a_first_run() -> None:
    event = chain(4)
    resign(event, 1, [])
    resign(event, 2, [])

    assert said(judge_whole(None, event), RULE) == [
        (
            "notice root: roots before 3 do not verify; clients that hold one cannot update; set"
            " oldest-root = 3 in tufline.toml"
        )
    ]


def test_the_oldest_root_that_is_set_must_lead_to_the_newest() -> None:
    event = chain(4)
    resign(event, 2, [])

    for oldest, expected in ((1, "root 2"), (2, "root 2"), (3, "")):
        lines = said(judge_whole(None, event, policy=Policy(oldest_root=oldest)), RULE)
        assert [line[12:18] for line in lines] == ([expected] if expected else [])


def test_a_new_root_needs_a_readable_one_to_be_judged_by() -> None:
    base = Sample()
    event = base.copy()
    event.edit("root")
    base.files["metadata/root.json"] = b"{}"

    assert said(judge(base, event), RULE) == [
        (
            "error root: known good's root cannot be read (not TUF metadata: no"
            " object 'signed'); mend"
            " main first"
        )
    ]

    assert said(judge_whole(base, event), RULE) == said(judge(base, event), RULE)

    del base.files["metadata/root.json"]

    assert said(judge_whole(base, event), RULE) == said(judge(base, event), RULE)
    assert said(judge(base, event), RULE) == [
        "error root: known good has lost root.json; restore it in metadata/ on main first"
    ]


def test_an_event_without_any_root_is_refused() -> None:
    base = Sample()
    del base.files["metadata/root.json"]
    event = base.copy()
    event.files["targets/new.txt"] = b"new"

    assert said(judge(base, event), RULE) == ["error root: there is no root.json; restore it"]


def test_a_deleted_root_is_refused() -> None:
    event = Sample()
    del event.files["metadata/root.json"]

    assert verdict(judge(Sample(), event)) == "refused"
    assert verdict(judge_whole(Sample(), event)) == "refused"
