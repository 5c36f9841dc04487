import pytest
from securesystemslib.signer import Key
from tests.support.judging import judge, said, verdict
from tests.support.sample import Sample, key_for, keyid_of

from tufline.repository.format import signer_label

RULE = "key-shared"


def same_key(name: str, public: str | None = None) -> Key:
    key = key_for("@dave")
    key.unrecognized_fields["x-tuf-on-ci-keyowner"] = name
    if public:
        key.keyval["public"] = public
    key.keyid = keyid_of(key)
    return key


def with_key(key: Key) -> Sample:
    sample = Sample()
    sample.edit("targets", lambda targets: targets.add_key(key, "npm"))
    return sample


REWRITTEN = key_for("@dave").keyval["public"].replace("\n", "\r\n")


@pytest.mark.parametrize("key", [same_key("@eve"), same_key("@dave", REWRITTEN)])
def test_one_key_under_two_ids_is_refused(key: Key) -> None:
    found = judge(Sample(), with_key(key))

    uses = sorted([f"{key_for('@dave').keyid} (@dave)", f"{key.keyid} ({signer_label(key)})"])
    assert said(found, RULE) == [
        (
            f"error targets: one and the same key is used as {uses[0]} and {uses[1]};"
            " each person needs one key of their own"
        )
    ]
    assert verdict(found) == "refused"


def test_it_does_not_count_twice_either() -> None:
    event = with_key(same_key("@dave", REWRITTEN))
    event.edit("targets", lambda t: setattr(t.delegations.roles["npm"], "threshold", 2), version=2)

    found = judge(Sample(), event)

    assert said(found, "threshold") == [
        "error targets: npm has a threshold of 2 and 1 keys; lower it or invite signers"
    ]


def test_two_people_with_one_key_in_two_delegators_are_refused() -> None:
    event = Sample()
    event.edit("root", lambda root: root.add_key(same_key("@eve"), "targets"))

    assert len(said(judge(Sample(), event), RULE)) == 1


def test_what_known_good_has_already_is_a_notice() -> None:
    base = with_key(same_key("@eve"))
    event = base.copy()
    event.edit("targets")

    assert [line.partition(":")[0] for line in said(judge(base, event), RULE)] == ["notice targets"]


def test_a_third_use_is_new() -> None:
    base = with_key(same_key("@eve"))
    event = base.copy()
    event.edit("targets", lambda targets: targets.add_key(same_key("@frank"), "npm"))

    assert [line.partition(":")[0] for line in said(judge(base, event), RULE)] == ["error targets"]
