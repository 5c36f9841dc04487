import pytest
from tests.support.judging import judge, said
from tests.support.sample import Sample

RULE = "spec-version"


@pytest.mark.parametrize("stated", ["1.\u0660.\u0661", "1.\u00b2"])
def test_digits_that_only_python_reads_are_refused(stated: str) -> None:
    event = Sample()
    event.edit("npm", lambda role: setattr(role, "spec_version", stated))

    assert said(judge(Sample(), event), RULE) == [
        f"error npm: spec_version is {stated!r}; write 1.0.31"
    ]


def test_known_good_s_own_is_a_notice() -> None:
    base = Sample()
    base.edit("npm", lambda role: setattr(role, "spec_version", "1.\u00b2"))
    event = base.copy()
    event.edit("npm")

    assert said(judge(base, event), RULE) == [
        "notice npm: spec_version is '1.\u00b2'; write 1.0.31"
    ]


@pytest.mark.parametrize("stated", ["1.0", "1.0.31"])
def test_plain_versions_are_fine(stated: str) -> None:
    event = Sample()
    event.edit("npm", lambda role: setattr(role, "spec_version", stated))

    assert said(judge(Sample(), event), RULE) == []
