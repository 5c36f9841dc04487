from tests.support.judging import judge, said
from tests.support.sample import Sample, key_for

RULE = "key-unused"


def test_a_key_that_signs_nothing_is_a_notice() -> None:
    event = Sample()
    key = key_for("@mallory")
    event.edit("root", lambda root: root.keys.update({key.keyid: key}))

    assert said(judge(Sample(), event), RULE) == [
        "notice root: the key of @mallory is listed and signs no role; remove it"
    ]


def test_used_keys_are_not_mentioned() -> None:
    event = Sample()
    event.edit("root")

    assert said(judge(Sample(), event), RULE) == []
