from tests.support.delegating import add_artifacts, delegate, terms_of
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import Sample
from tuf.api.metadata import Targets

SHARED = {"npm/shared/x": b"1"}


def _twice(*, terminating: bool) -> Sample:
    """Return a repository in which "late" may list some files of "npm" too, after it."""
    sample = Sample()
    terms_of(sample, "npm", lambda terms: setattr(terms, "terminating", terminating))
    delegate(sample, "late", ["npm/shared/*"], {})
    return sample


def _reorder(targets: Targets) -> None:
    roles = targets.delegations.roles  # type: ignore[union-attr]
    targets.delegations.roles = dict(reversed(roles.items()))  # type: ignore[union-attr]


def test_entry_behind_another_is_refused_whoever_came_later() -> None:
    expected = [
        "error late: npm lists it too, and clients ask it before late; remove one of the entries"
    ]
    for first, second in (("npm", "late"), ("late", "npm")):
        base = _twice(terminating=False)
        add_artifacts(base, first, SHARED)
        event = base.copy()
        add_artifacts(event, second, SHARED)
        for found in (judge(base, event), judge_whole(base, event), judge_whole(None, event)):
            assert said(found, "artifact-shadowed") == expected
            assert verdict(found) == "refused"


def test_entry_behind_a_terminating_delegation_is_refused() -> None:
    base = _twice(terminating=True)
    event = base.copy()
    add_artifacts(event, "late", SHARED)
    for found in (judge(base, event), judge_whole(None, event)):
        assert said(found, "artifact-shadowed") == [
            (
                "error late: a terminating delegation ends the search before late; change order or "
                "paths"
            )
        ]
        assert said(found, "artifact-delegation") == []


def test_delegation_that_now_terminates_hides_entries_of_unchanged_roles() -> None:
    base = _twice(terminating=False)
    add_artifacts(base, "late", SHARED)
    event = base.copy()
    terms_of(event, "npm", lambda terms: setattr(terms, "terminating", True))
    found = judge(base, event)
    assert "ends the search before late" in said(found, "artifact-shadowed")[0]
    assert verdict(found) == "refused"


def test_new_order_hides_entries_of_unchanged_roles() -> None:
    base = Sample()
    delegate(base, "early", ["npm/shared/*"], SHARED, first=True)
    assert said(judge_whole(None, base), "artifact-shadowed") == []
    event = base.copy()
    event.edit("targets", _reorder)
    assert "ends the search before early" in said(judge(base, event), "artifact-shadowed")[0]


def test_new_delegation_hides_entries_of_unchanged_roles() -> None:
    base = Sample()
    event = base.copy()
    delegate(event, "greedy", ["*/*"], {}, first=True)
    assert said(judge(base, event), "artifact-shadowed") == [
        "error npm: a terminating delegation ends the search before npm; change order or paths"
    ]


def test_widened_paths_hide_entries_of_unchanged_roles() -> None:
    base = Sample()
    delegate(base, "early", ["early/*"], {}, first=True)
    event = base.copy()
    terms_of(event, "early", lambda terms: terms.paths.append("npm/*"))
    assert "ends the search before npm" in said(judge(base, event), "artifact-shadowed")[0]


def test_only_entry_is_fine_wherever_it_stands() -> None:
    base = _twice(terminating=False)
    event = base.copy()
    add_artifacts(event, "late", SHARED)
    delegate(event, "other", ["other/*"], {"other/x": b"1"}, first=True)
    assert said(judge(base, event), "artifact-shadowed") == []
    assert said(judge_whole(None, event), "artifact-shadowed") == []


def test_event_answers_only_for_searches_it_changes() -> None:
    base = _twice(terminating=False)
    for role in ("npm", "late"):
        add_artifacts(base, role, SHARED)
    event = base.copy()
    delegate(event, "other", ["other/*"], {"other/x": b"1"}, first=True)
    assert said(judge(base, event), "artifact-shadowed") == []
