"""What is done so that GitHub shows a status: everything once, nothing where all is right."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tufline.repository.forge import Act, Ask, EventStatus
from tufline.repository.forge.github import _texts as texts
from tufline.repository.forge.github._observed import Observed, OwnComment, Pull
from tufline.repository.forge.github._plan import (
    Action,
    Close,
    DeleteComment,
    EditStatusComment,
    MarkDraft,
    MarkReady,
    OpenPullRequest,
    PostComment,
    Reopen,
    RequestReviews,
    SetCommitStatus,
    SetLabels,
    plan,
)
from tufline.repository.forge.github._statuses import CommitStatus
from tufline.repository.history import Commit

ANN = Ask(act=Act.SIGN, who="@ann", role="root")
BO = Ask(act=Act.SIGN, who="@bo", role="npm")
HEAD = Commit("2" * 40)
LATER = Commit("3" * 40)
WAITING = EventStatus(
    event="sign/a",
    main=Commit("1" * 40),
    head=HEAD,
    verdict="waiting",
    summary="waiting for @ann",
    text="**waiting**\n",
    asks=(ANN,),
)
READY = replace(WAITING, verdict="ready", summary="ready to merge", text="**ready**\n", asks=())
STALE = replace(WAITING, verdict="refused", stale=True, asks=(Ask(act=Act.MEND),))
PULL = Pull(number=7, node_id="PR_7", url="https://github.com/octo/tuf/pull/7", head=HEAD)


def shown(status: EventStatus, *, before: Pull | None = None) -> Observed:
    """Return what is observed once all that the plan says was done."""
    observed = Observed(pull=before)
    return done(plan(observed, status), observed)


def done(actions: Sequence[Action], observed: Observed) -> Observed:
    """Return what is observed after the actions."""
    for action in actions:
        observed = _after(action, observed)
    return observed


def _after(action: Action, observed: Observed) -> Observed:  # noqa: C901, PLR0911 - one line per action
    pull = observed.pull or PULL
    match action:
        case OpenPullRequest():
            return replace(observed, pull=replace(PULL, is_draft=action.draft))
        case PostComment():
            comment = OwnComment(id=len(pull.comments) + 1, body=action.body)
            return replace(observed, pull=replace(pull, comments=(*pull.comments, comment)))
        case EditStatusComment():
            rest = [
                replace(each, body=action.body, edited=False) if each.id == action.id else each
                for each in pull.comments
            ]
            return replace(observed, pull=replace(pull, comments=tuple(rest)))
        case DeleteComment():
            left = tuple(each for each in pull.comments if each.id != action.id)
            return replace(observed, pull=replace(pull, comments=left))
        case RequestReviews():
            return replace(
                observed, pull=replace(pull, reviewers=pull.reviewers | {*action.logins})
            )
        case SetLabels():
            labels = pull.labels - {*action.remove} | ({action.add} if action.add else set())
            return replace(observed, pull=replace(pull, labels=labels), has_label=True)
        case SetCommitStatus():
            status = CommitStatus(
                state=action.state, description=action.description, target_url=pull.url
            )
            return replace(observed, commit_status=status)
        case MarkReady() | MarkDraft():
            return replace(observed, pull=replace(pull, is_draft=isinstance(action, MarkDraft)))
        case Close() | Reopen():
            return replace(observed, pull=replace(pull, is_open=isinstance(action, Reopen)))


def kinds(actions: Sequence[Action]) -> list[str]:
    return [type(action).__name__ for action in actions]


def edited(observed: Observed, number: int, body: str) -> Observed:
    """Return the same after somebody else changed our comment."""
    assert observed.pull
    comments = [
        replace(each, body=body, edited=True) if each.id == number else each
        for each in observed.pull.comments
    ]
    return replace(observed, pull=replace(observed.pull, comments=tuple(comments)))


def test_second_status_comment_of_a_run_beside_this_one_is_deleted() -> None:
    observed = shown(WAITING)
    assert observed.pull
    double = replace(observed.pull.comments[1], id=9)
    comments = (*observed.pull.comments, double)
    doubled = replace(observed, pull=replace(observed.pull, comments=comments))

    actions = plan(doubled, WAITING)

    assert actions == (DeleteComment(id=9),)
    assert done(actions, doubled) == observed


def test_new_event_gets_all_in_an_order_that_a_kill_cannot_spoil() -> None:
    assert kinds(plan(Observed(), WAITING)) == [
        "OpenPullRequest",
        "SetCommitStatus",
        "PostComment",
        "RequestReviews",
        "PostComment",
        "SetLabels",
    ]


def test_success_is_said_after_everything_else() -> None:
    assert kinds(plan(shown(WAITING), READY)) == [
        "EditStatusComment",
        "SetLabels",
        "SetCommitStatus",
        "MarkReady",
    ]


def test_new_event_that_is_ready_is_no_draft() -> None:
    opening = plan(Observed(), READY)[0]

    assert isinstance(opening, OpenPullRequest)
    assert not opening.draft


@pytest.mark.parametrize("status", [WAITING, READY, STALE, replace(WAITING, verdict="unchanged")])
def test_nothing_is_done_twice(status: EventStatus) -> None:
    assert plan(shown(status), status) == ()


@pytest.mark.parametrize("first", [WAITING, READY, STALE])
@pytest.mark.parametrize("then", [WAITING, READY, STALE])
def test_any_status_can_follow_any_other(first: EventStatus, then: EventStatus) -> None:
    observed = shown(first)
    observed = done(plan(observed, then), observed)

    assert plan(observed, then) == ()
    assert observed.pull
    assert len(observed.pull.labels) == 1


@pytest.mark.parametrize("first", [Observed(), shown(WAITING), shown(READY), shown(STALE)])
@pytest.mark.parametrize("then", [WAITING, READY, STALE, replace(WAITING, asks=(ANN, BO))])
def test_job_killed_after_any_action_ends_the_same(first: Observed, then: EventStatus) -> None:
    actions = plan(first, then)
    undisturbed = done(actions, first)
    for count in range(len(actions)):
        killed = done(actions[:count], first)
        assert done(plan(killed, then), killed) == undisturbed


def test_only_who_is_newly_asked_is_told() -> None:
    actions = plan(shown(WAITING), replace(WAITING, asks=(ANN, BO)))
    (telling,) = (each for each in actions if isinstance(each, PostComment))

    assert telling.body.startswith("@bo: please sign `npm`\n")
    assert "@ann" not in telling.body
    assert RequestReviews(logins=("bo",)) in actions


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


def test_labels_of_others_stay() -> None:
    pull = replace(PULL, labels=frozenset({"bug", "signing-event: ready"}))

    assert SetLabels(
        add="signing-event: waiting", remove=("signing-event: ready",), create="fbca04"
    ) in plan(Observed(pull=pull), WAITING)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (READY, "success"),
        (WAITING, "pending"),
        (replace(WAITING, verdict="unchanged"), "pending"),
        (replace(WAITING, verdict="refused"), "failure"),
        (replace(READY, stale=True), "failure"),
    ],
)
def test_commit_status_is_a_success_only_if_ready(status: EventStatus, state: str) -> None:
    judged = [each for each in plan(Observed(), status) if isinstance(each, SetCommitStatus)]

    assert [(each.commit, each.state) for each in judged] == [(HEAD, state)]


def test_branch_without_commits_has_nothing_to_show_it_on() -> None:
    assert plan(Observed(), replace(WAITING, head=WAITING.main)) == ()


def test_pull_request_that_a_person_closed_stays_closed() -> None:
    observed = shown(WAITING)
    assert observed.pull
    closed = replace(observed, pull=replace(observed.pull, is_open=False))

    assert plan(closed, READY) == ()
    assert plan(closed, STALE) == ()


def test_push_to_an_event_that_a_person_closed_opens_a_new_pull_request() -> None:
    observed = shown(WAITING)
    assert observed.pull
    closed = replace(observed, pull=replace(observed.pull, is_open=False))

    assert kinds(plan(closed, replace(WAITING, head=LATER)))[0] == "OpenPullRequest"


def test_stale_event_is_told_and_closed() -> None:
    actions = plan(shown(WAITING), STALE)

    assert kinds(actions) == [
        "SetCommitStatus",
        "PostComment",
        "EditStatusComment",
        "SetLabels",
        "Close",
    ]
    assert actions[-1] == Close()


def test_stale_event_with_a_new_head_keeps_its_closed_pull_request() -> None:
    actions = plan(shown(STALE), replace(STALE, head=LATER))

    assert "OpenPullRequest" not in kinds(actions)
    assert "Reopen" not in kinds(actions)


def test_event_that_is_not_stale_any_more_is_opened_again() -> None:
    assert kinds(plan(shown(STALE), WAITING))[0] == "Reopen"
    assert kinds(plan(shown(STALE), replace(WAITING, head=LATER)))[0] == "OpenPullRequest"
