from tests.support.judging import judge, said, verdict
from tests.support.sample import Sample

RULE = "readable-delegator"


def with_broken_targets() -> Sample:
    base = Sample()
    base.files["metadata/targets.json"] = b"{}"
    return base


def test_an_unreadable_delegator_is_reported_where_it_is_needed() -> None:
    base = with_broken_targets()
    event = base.copy()
    event.files["metadata/npm.json"] += b" "

    found = judge(base, event)

    (line,) = said(found, RULE)
    assert line.startswith(
        "error targets: cannot be read, and is needed to judge: not TUF metadata"
    )
    assert verdict(found) == "refused"


def test_it_is_not_needed_for_a_new_root() -> None:
    base = with_broken_targets()
    event = base.copy()
    event.edit("root")

    found = judge(base, event)

    assert said(found, RULE) == []
    assert verdict(found) == "ready"


def test_an_unreadable_root_is_needed_for_everything() -> None:
    base = Sample()
    base.files["metadata/root.json"] = b"{}"
    event = base.copy()
    event.files["metadata/npm.json"] += b" "

    assert [line[:11] for line in said(judge(base, event), RULE)] == ["error root:"]
