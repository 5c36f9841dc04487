from tests.support.judging import judge, said, verdict
from tests.support.sample import Sample, key_for
from tuf.api.metadata import Root

RULE = "person-twice"


def with_two_keys() -> Sample:
    sample = Sample()
    sample.edit("root", lambda root: root.add_key(key_for("@alice#2"), "targets"))
    return sample


def test_a_second_key_in_a_role_is_refused() -> None:
    found = judge(Sample(), with_two_keys())

    assert said(found, RULE) == ["error root: @alice has 2 keys in targets; keep one"]
    assert verdict(found) == "refused"


def test_known_good_s_own_is_a_notice() -> None:
    base = with_two_keys()
    event = base.copy()
    event.edit("root")

    assert said(judge(base, event), RULE) == ["notice root: @alice has 2 keys in targets; keep one"]


def test_different_keys_in_different_roles_are_fine() -> None:
    event = Sample()

    def change(root: Root) -> None:
        root.revoke_key(key_for("@alice").keyid, "targets")
        root.add_key(key_for("@alice#2"), "targets")

    event.edit("root", change)

    assert said(judge(Sample(), event), RULE) == []
