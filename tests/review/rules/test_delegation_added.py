from tests.support.delegating import delegate
from tests.support.judging import consents, judge, said
from tests.support.sample import Sample

RULE = "delegation-added"


def test_row_j_a_new_role_needs_its_own_yes() -> None:
    event = Sample()
    delegate(event, "pypi", ["pypi/*"], {})

    found = judge(Sample(), event)

    (line,) = said(found, RULE)
    assert line == (
        "notice targets: pypi is trusted for 'pypi/*', signed by 1 of @dave;"
        " the search for these paths ends there"
    )
    assert consents(found, RULE)


def test_it_is_said_whom_it_comes_before() -> None:
    event = Sample()
    delegate(event, "pypi", ["npm/keys.json"], {}, terminating=False, first=True)

    assert said(judge(Sample(), event), RULE) == [
        (
            "notice targets: pypi is trusted for 'npm/keys.json', signed by 1 of @dave; it is asked"
            " before npm"
        )
    ]
