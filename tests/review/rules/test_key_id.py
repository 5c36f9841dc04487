from securesystemslib.signer import Key
from tests.support.judging import judge, judge_whole, said
from tests.support.sample import Sample, key_for, keyid_of
from tuf.api.metadata import Targets

RULE = "key-id"


def without_custom_fields(name: str) -> Key:
    key = key_for(name)
    fields = dict(key.unrecognized_fields)
    key.unrecognized_fields.clear()
    key.keyid = keyid_of(key)
    key.unrecognized_fields.update(fields)
    return key


def with_legacy_key() -> Sample:
    sample = Sample()
    key = without_custom_fields("@mallory")
    sample.edit("targets", lambda targets: targets.add_key(key, "npm"))
    return sample


def message() -> str:
    wrong, right = without_custom_fields("@mallory").keyid, key_for("@mallory").keyid
    return f"targets: the key of @mallory has the id {wrong}; by its content it is {right}"


def test_a_new_key_with_another_id_is_refused() -> None:
    assert said(judge(Sample(), with_legacy_key()), RULE) == [f"error {message()}"]


def test_a_key_that_known_good_has_the_same_way_is_a_notice() -> None:
    base = with_legacy_key()
    event = base.copy()
    event.edit("targets")

    assert said(judge(base, event), RULE) == [f"notice {message()}"]
    assert said(judge_whole(base, base.copy()), RULE) == [f"notice {message()}"]


def test_an_imported_repository_may_have_such_keys() -> None:
    assert said(judge_whole(None, with_legacy_key()), RULE) == [f"notice {message()}"]


def test_the_same_key_with_other_fields_is_not_known() -> None:
    base = with_legacy_key()
    event = base.copy()

    def change(targets: Targets) -> None:
        assert targets.delegations
        key = targets.delegations.keys[without_custom_fields("@mallory").keyid]
        key.unrecognized_fields["note"] = "changed"

    event.edit("targets", change)

    assert said(judge(base, event), RULE)[0].startswith("error targets: the key of @mallory")
