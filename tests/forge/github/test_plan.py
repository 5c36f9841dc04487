"""What is done so that GitHub shows a status: everything once, nothing where all is right."""

from dataclasses import replace

import pytest
from tests.forge.github.planning import (
    ANN,
    BO,
    HEAD,
    LATER,
    PULL,
    READY,
    WAITING,
    done,
    kinds,
    shown,
)

from tufline.repository.forge import Act, Ask, EventStatus
from tufline.repository.forge.github._observed import Observed
from tufline.repository.forge.github._plan import (
    Close,
    DeleteComment,
    OpenPullRequest,
    PostComment,
    RequestReviews,
    SetCommitStatus,
    SetLabels,
    plan,
)

STALE = replace(WAITING, verdict="refused", stale=True, asks=(Ask(act=Act.MEND),))


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
