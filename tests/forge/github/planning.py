"""Events and pull requests for the tests of plans, and what is observed after one."""

from collections.abc import Sequence
from dataclasses import replace

from tufline.repository.forge import Act, Ask, EventStatus
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
