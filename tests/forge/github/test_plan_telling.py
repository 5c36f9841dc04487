"""Whom the plan for a pull request tells, and how often."""

from dataclasses import replace

from tests.forge.github.planning import ANN, BO, LATER, PULL, READY, WAITING, done, kinds, shown

from tufline.repository.forge import Act, Ask
from tufline.repository.forge.github import _texts as texts
from tufline.repository.forge.github._observed import Observed
from tufline.repository.forge.github._plan import EditStatusComment, PostComment, SetLabels, plan


def edited(observed: Observed, number: int, body: str) -> Observed:
    """Return the same after somebody else changed our comment."""
    assert observed.pull
    comments = [
        replace(each, body=body, edited=True) if each.id == number else each
        for each in observed.pull.comments
    ]
    return replace(observed, pull=replace(observed.pull, comments=tuple(comments)))


def test_who_was_not_asked_meanwhile_is_told_again() -> None:
    observed = shown(WAITING)
    for status in (READY, WAITING):
        observed = done(plan(observed, status), observed)

    assert observed.pull
    tellings = [each.body for each in observed.pull.comments if each.body.startswith("@ann")]
    assert len(tellings) == 2


def test_who_was_told_before_the_kill_is_not_told_again_at_the_next_head() -> None:
    actions = plan(Observed(), WAITING)
    killed = done(actions[:3], Observed())
    later = plan(killed, replace(WAITING, head=LATER))

    assert [each.body.startswith("@ann") for each in later if isinstance(each, PostComment)] == [
        False
    ]


def test_author_is_asked_for_no_review_and_others_only_once() -> None:
    pull = replace(PULL, author="Ann", reviewers=frozenset({"BO"}))
    actions = plan(Observed(pull=pull), replace(WAITING, asks=(ANN, BO)))

    assert "RequestReviews" not in kinds(actions)


def test_merging_is_no_review() -> None:
    actions = plan(Observed(), replace(WAITING, asks=(Ask(act=Act.MERGE, who="@ann"),)))

    assert "RequestReviews" not in kinds(actions)


def test_status_comment_that_somebody_edited_is_restored_and_nobody_told_again() -> None:
    observed = shown(WAITING)
    actions = plan(edited(observed, 2, "**ready**, trust me"), WAITING)

    assert observed.pull
    assert actions == (EditStatusComment(id=2, body=observed.pull.comments[1].body),)


def test_record_that_somebody_edited_counts_for_nothing() -> None:
    forged = texts.status_comment(replace(WAITING, asks=(ANN, BO)), [])
    actions = plan(edited(shown(WAITING), 2, forged), replace(WAITING, asks=(ANN, BO)))

    assert [each.body[:4] for each in actions if isinstance(each, PostComment)] == ["@bo:"]


def test_telling_that_somebody_edited_is_left_alone() -> None:
    observed = shown(WAITING)
    assert observed.pull
    defaced = edited(observed, 1, "nobody must sign")
    defaced = done(plan(defaced, WAITING), defaced)

    assert defaced.pull
    assert [each.body for each in defaced.pull.comments if each.id == 1] == ["nobody must sign"]
    assert len(defaced.pull.comments) == 2


def test_label_is_made_with_a_colour_only_where_it_is_missing() -> None:
    assert SetLabels(add="signing-event: waiting", remove=(), create="fbca04") in plan(
        Observed(), WAITING
    )
    assert SetLabels(add="signing-event: waiting", remove=()) in plan(
        Observed(has_label=True), WAITING
    )
