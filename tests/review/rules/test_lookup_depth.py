from tests.support.delegating import add_artifacts, delegate
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample
from tuf.ngclient.config import UpdaterConfig

from tufline.repository.state import LONGEST_LOOKUP

ARTIFACT = {"deep/x": b"1"}


def _chain(length: int) -> Sample:
    """Return a repository where `length` roles in a row may list deep/*, the last does."""
    sample = Sample()
    above = "targets"
    for place in range(1, length + 1):
        listing = ARTIFACT if place == length else {}
        delegate(sample, f"role{place}", ["deep/*"], listing, by=above, first=True)
        above = f"role{place}"
    return sample


def test_limit_is_that_of_python_tuf() -> None:
    assert UpdaterConfig().max_delegations == LONGEST_LOOKUP


def test_artifact_of_the_32nd_role_is_found() -> None:
    main = _chain(32)
    assert said(judge_whole(None, main), "lookup-depth") == []
    assert verdict(judge_whole(None, main)) == "ready"


def test_artifact_of_the_33rd_role_is_refused() -> None:
    found = judge_whole(None, _chain(33))
    assert said(found, "lookup-depth") == [
        (
            "error role33: clients would ask 32 roles before role33, and stop after 32; narrow the "
            "paths or move role33 forward"
        )
    ]
    assert verdict(found) == "refused"


def test_new_entry_too_deep_is_refused_in_an_event() -> None:
    base = _chain(32)
    delegate(base, "role33", ["deep/*"], {}, by="role32")
    event = base.copy()
    add_artifacts(event, "role33", {"deep/new": b"2"})
    assert len(said(judge(base, event), "lookup-depth")) == 1


def test_role_put_before_pushes_entries_of_unchanged_roles_too_deep() -> None:
    base = _chain(32)
    event = base.copy()
    delegate(event, "first", ["deep/*"], {}, terminating=False, first=True)
    found = judge(base, event)
    assert said(found, "lookup-depth") == [
        (
            "error role32: clients would ask 32 roles before role32, and stop after 32; narrow the "
            "paths or move role32 forward"
        )
    ]
    assert verdict(found) == "refused"


def test_roles_for_other_paths_do_not_count() -> None:
    base = _chain(32)
    event = base.copy()
    delegate(event, "first", ["other/*"], {}, terminating=False, first=True)
    assert said(judge(base, event), "lookup-depth") == []
