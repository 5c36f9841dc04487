from typing import Any

import pytest
from tests.support.judging import judge, said
from tests.support.sample import Sample, key_for, keyid_of

RULE = "key-owner"
OWNER, URI = "x-tuf-on-ci-keyowner", "x-tuf-on-ci-online-uri"


def with_key(fields: dict[str, Any]) -> Sample:
    sample = Sample()
    key = key_for("@mallory")
    key.unrecognized_fields = fields
    key.keyid = keyid_of(key)
    sample.edit("targets", lambda targets: targets.add_key(key, "npm"))
    return sample


BAD: list[tuple[dict[str, Any], str]] = [
    ({}, "names neither an owner nor an online URI; name one of them"),
    ({OWNER: "@eve", URI: "hv:eve"}, "names an owner and an online URI; keep one of them"),
    ({OWNER: 7}, "has the owner 7; write a name as @name, lower case"),
    ({OWNER: "eve"}, "has the owner 'eve'; write a name as @name, lower case"),
    ({OWNER: "@Eve"}, "has the owner '@Eve'; write a name as @name, lower case"),
    ({URI: ["hv:eve"]}, "names neither an owner nor an online URI; name one of them"),
    ({URI: ""}, "has an empty online URI; name its signer"),
]


@pytest.mark.parametrize(("fields", "problem"), BAD)
def test_a_new_key_of_nobody_or_two_is_refused(fields: dict[str, Any], problem: str) -> None:
    lines = said(judge(Sample(), with_key(fields)), RULE)

    assert len(lines) == 1
    assert lines[0].startswith("error targets: key ")
    assert lines[0].endswith(problem)


@pytest.mark.parametrize(("fields", "problem"), BAD)
def test_known_good_s_own_keys_are_a_notice(fields: dict[str, Any], problem: str) -> None:
    base = with_key(fields)
    event = base.copy()
    event.edit("targets")

    lines = said(judge(base, event), RULE)

    assert [line.partition(":")[0] for line in lines] == ["notice targets"]
    assert lines[0].endswith(problem)


@pytest.mark.parametrize("fields", [{OWNER: "@some_body.x-y"}, {URI: "awskms:some/key"}])
def test_a_key_of_one_person_or_one_place_is_fine(fields: dict[str, Any]) -> None:
    assert said(judge(Sample(), with_key(fields)), RULE) == []
