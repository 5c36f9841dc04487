import pytest
from tests.support.judging import judge, said, verdict
from tests.support.sample import Sample

RULE = "delegation-pattern"


def with_pattern(*patterns: str) -> Sample:
    sample = Sample()
    sample.edit("targets", lambda t: t.delegations.roles["npm"].paths.extend(patterns))
    return sample


BAD = [
    ("/etc/passwd", "is absolute; write it relative to targets/"),
    ("npm/../pypi/*", "leads out of its folder; write the path without . and .."),
    ("npm//*", "has an empty part; write one / between folders"),
    ("npm/", "has an empty part; write one / between folders"),
    ("", "has an empty part; write one / between folders"),
    ("npm\\*", "has a backslash or an unprintable character; use / and plain names"),
    ("npm/\x1b[2J", "has a backslash or an unprintable character; use / and plain names"),
]


@pytest.mark.parametrize(("pattern", "problem"), BAD)
def test_patterns_that_clients_read_differently_are_refused(pattern: str, problem: str) -> None:
    found = judge(Sample(), with_pattern(pattern))

    assert said(found, RULE) == [f"error targets: npm: pattern {pattern!r} {problem}"]
    assert verdict(found) == "refused"


def test_known_good_s_own_is_a_notice() -> None:
    base = with_pattern("/x")
    event = base.copy()
    event.edit("targets")

    assert said(judge(base, event), RULE) == [
        "notice targets: npm: pattern '/x' is absolute; write it relative to targets/"
    ]


def test_a_pattern_twice_is_a_notice() -> None:
    assert said(judge(Sample(), with_pattern("npm/*")), RULE) == [
        "notice targets: npm: pattern 'npm/*' stands there twice; keep one"
    ]


@pytest.mark.parametrize("pattern", ["npm/*.json", "file-?.txt", "a/[bc]/d", "plain.txt"])
def test_plain_patterns_are_fine(pattern: str) -> None:
    assert said(judge(Sample(), with_pattern(pattern)), RULE) == []
