"""What must change on GitHub so that it shows a status: pure, and nothing where all is right.

The order matters to a job that is killed in between and run again. People are told, and asked for
reviews, before the status comment says that they were. All the rest is compared with what should
be, each time. The commit status, which lets people merge, comes late if it is a success and early
if it is not; "ready for review", of which GitHub notifies people, comes last.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias

from tufline.repository.forge._interface import Ask, EventStatus
from tufline.repository.forge.github import _records as records
from tufline.repository.forge.github import _texts as texts
from tufline.repository.forge.github._observed import Observed, OwnComment, Pull
from tufline.repository.forge.github._statuses import CommitStatus

_COLOURS: Final[Mapping[str, str]] = {
    "signing-event: waiting": "fbca04",
    "signing-event: ready": "0e8a16",
    "signing-event: refused": "d73a4a",
    "signing-event: unchanged": "c5def5",
    "signing-event: stale": "6a737d",
}
_SUCCESS: Final = "success"
_STATES: Final[Mapping[str, str]] = {"ready": _SUCCESS, "refused": "failure"}
_NOTHING: Final = records.Shown(status=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPullRequest:
    """Open the event's pull request; what follows is about it."""

    branch: str
    title: str
    body: str
    draft: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Reopen:
    """Open the closed pull request again; where GitHub cannot, open another."""

    otherwise: OpenPullRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class PostComment:
    """Write a new comment."""

    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EditStatusComment:
    """Replace the text of our comment."""

    id: int
    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeleteComment:
    """Delete a comment of ours."""

    id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestReviews:
    """Ask these people for a review, where they may give one."""

    logins: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SetLabels:
    """Change our labels. `create`: the colour of the one to add if the repository lacks it."""

    add: str | None
    remove: tuple[str, ...]
    create: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SetCommitStatus:
    """Set the commit status `signing-event`, which links to the pull request."""

    commit: str
    state: str
    description: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkReady:
    """Make the draft ready for review."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkDraft:
    """Make it a draft again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Close:
    """Close the pull request."""


Action: TypeAlias = (
    OpenPullRequest
    | Reopen
    | PostComment
    | EditStatusComment
    | DeleteComment
    | RequestReviews
    | SetLabels
    | SetCommitStatus
    | MarkReady
    | MarkDraft
    | Close
)


def plan(observed: Observed, wanted: EventStatus) -> tuple[Action, ...]:
    """Return what to do, in order, so that the status is shown."""
    if _left_alone(observed.pull, wanted):
        return ()
    pull = observed.pull if _is_reusable(observed.pull, wanted) else None
    judging = tuple(_judging(pull, observed.commit_status, wanted))
    succeeds = _state(wanted) == _SUCCESS
    return (
        *_opening(pull, wanted),
        *(() if succeeds else judging),
        *_telling(pull, observed.head_author, wanted),
        *_doubled(pull),
        *_labelling(pull, observed.has_label, wanted),
        *(judging if succeeds else ()),
        *_finishing(pull, wanted),
    )


def label_of(wanted: EventStatus) -> str:
    """Return the one label of ours that a pull request with this status has."""
    return f"signing-event: {'stale' if wanted.stale else wanted.verdict}"


def shown_by(comments: Iterable[OwnComment]) -> tuple[int | None, records.Shown]:
    """Return the id of the status comment among ours, and what it shows.

    One of which somebody overwrote all, its record too, counts if there is no other: it is ours,
    and shall say what it should again.
    """
    defaced = None
    for comment in comments:
        found = records.read(comment.body)
        if isinstance(found, records.Shown):
            return comment.id, _NOTHING if comment.edited else found
        if comment.edited and found is None and defaced is None:
            defaced = comment.id
    return defaced, _NOTHING


def _left_alone(pull: Pull | None, wanted: EventStatus) -> bool:
    """Whether there is nothing to show it on: nothing new, or a person closed what there was."""
    if pull is None:
        return wanted.head == wanted.main  # GitHub opens no pull request without a commit
    return not pull.is_open and pull.head == wanted.head and not _is_reusable(pull, wanted)


def _is_reusable(pull: Pull | None, wanted: EventStatus) -> bool:
    """Whether to show the status on this pull request: open, or closed by ourselves as stale."""
    if pull is None or pull.is_open:
        return pull is not None
    shown = shown_by(pull.comments)[1].status
    was_stale = shown is not None and shown.stale
    return was_stale and (wanted.stale or pull.head == wanted.head)


def _opening(pull: Pull | None, wanted: EventStatus) -> Iterator[Action]:
    opening = OpenPullRequest(
        branch=wanted.event,
        title=texts.title(wanted.event),
        body=texts.description(wanted.event),
        draft=wanted.verdict != "ready",
    )
    if pull is None:
        yield opening
    elif not pull.is_open and not wanted.stale:
        yield Reopen(otherwise=opening)


def _telling(pull: Pull | None, author: str | None, wanted: EventStatus) -> Iterator[Action]:
    comment, shown = shown_by(pull.comments if pull else ())
    tellings = _tellings(pull)
    told = {telling.key for telling in tellings}
    before = frozenset(shown.status.asks) if shown.status else frozenset()
    pending = [each.asks for each in tellings if each.key not in shown.told]
    news = frozenset(wanted.asks) - before.union(*pending)
    if news:
        body = texts.telling_comment(wanted, news, proposer=author, earlier=len(tellings))
        told.add(records.key_of(body))
        yield PostComment(body=body)
    yield from _reviewing(pull, frozenset(wanted.asks) - before)
    body = texts.status_comment(wanted, told)
    if comment is None:
        yield PostComment(body=body)
    elif pull and body not in {each.body for each in pull.comments if each.id == comment}:
        yield EditStatusComment(id=comment, body=body)


def _doubled(pull: Pull | None) -> Iterator[Action]:
    """Leave the first status comment alone: runs at the same moment may have made one each."""
    comments = pull.comments if pull else ()
    ours = (each for each in comments if isinstance(records.read(each.body), records.Shown))
    yield from (DeleteComment(id=each.id) for each in islice(ours, 1, None))


def _tellings(pull: Pull | None) -> list[records.Telling]:
    comments = pull.comments if pull else ()
    found = (records.read(each.body) for each in comments if not each.edited)
    return [each for each in found if isinstance(each, records.Telling)]


def _reviewing(pull: Pull | None, asks: frozenset[Ask]) -> Iterator[Action]:
    names = {texts.login(ask.who) for ask in asks if ask.act.by_signing}
    known = {*(pull.reviewers if pull else ()), pull.author if pull else None}
    present = {login.lower() for login in known if login}
    logins = tuple(sorted(login for login in names if login and login.lower() not in present))
    if logins:
        yield RequestReviews(logins=logins)


def _labelling(pull: Pull | None, exists: bool, wanted: EventStatus) -> Iterator[Action]:  # noqa: FBT001 - whether the label does
    label = label_of(wanted)
    present = pull.labels if pull else frozenset()
    add = None if label in present else label
    remove = tuple(sorted(present & _COLOURS.keys() - {label}))
    if add or remove:
        yield SetLabels(add=add, remove=remove, create=None if exists else _COLOURS[label])


def _judging(
    pull: Pull | None, present: CommitStatus | None, wanted: EventStatus
) -> Iterator[Action]:
    state = _state(wanted)
    action = SetCommitStatus(
        commit=wanted.head,
        state=state,
        description=texts.commit_description(wanted.summary),
    )
    right = CommitStatus(
        state=state, description=action.description, target_url=pull.url if pull else None
    )
    if pull is None or present != right:
        yield action


def _state(wanted: EventStatus) -> str:
    return "failure" if wanted.stale else _STATES.get(wanted.verdict, "pending")


def _finishing(pull: Pull | None, wanted: EventStatus) -> Iterator[Action]:
    draft = wanted.verdict != "ready"
    if wanted.stale:
        if pull is None or pull.is_open:
            yield Close()
    elif pull and pull.is_draft != draft:
        yield MarkDraft() if draft else MarkReady()
