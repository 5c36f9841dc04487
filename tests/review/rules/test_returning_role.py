from tests.support.judging import judge, said
from tests.support.sample import Sample

RULE = "returning-role"


def known_good_without_npm() -> Sample:
    base = Sample()
    base.edit("npm", version=7)
    base.sign_online()
    del base.files["metadata/npm.json"]
    return base


def test_a_role_that_comes_back_with_a_lower_version_is_refused() -> None:
    base = known_good_without_npm()
    event = base.copy()
    event.files["metadata/npm.json"] = Sample().files["metadata/npm.json"]

    found = judge(base, event)

    assert said(found, RULE) == [
        "error npm: version is 1, but version 7 of this role is published already; make it 8"
    ]


def test_a_role_that_comes_back_with_the_next_version_is_fine() -> None:
    base = known_good_without_npm()
    event = base.copy()
    event.files["metadata/npm.json"] = Sample().files["metadata/npm.json"]
    event.edit("npm", version=8)

    assert said(judge(base, event), RULE) == []
