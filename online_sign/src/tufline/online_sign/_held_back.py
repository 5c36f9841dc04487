"""Keep clients fresh that have not got what publish holds: a client refused it before they could.

Publishing keeps back new content while a client refuses it. Then the timestamp that publish holds
is of no use to anybody: it names a snapshot that is not out. So one commit on publish renews the
timestamp over what clients have, which publishing finds in the line of commits; and one on top of
it brings back the content, under a timestamp that is newer still. In that line the versions of
timestamps only grow, so whichever of its states is published, clients follow.

The snapshot that clients have is not renewed: this goes on until it ends, and for 14 days at most.
What clients have is what a store shows, and one that is not honest could show what was replaced
long ago, to have it kept fresh for an attack that keeps clients there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tufline.online_sign._ground import ground_of
from tufline.online_sign._issue import issue_timestamp
from tufline.online_sign._judge import expect_signed
from tufline.online_sign._not_signed import NotSigned, held_online
from tufline.online_sign._run import Run
from tufline.repository.errors import EnvironmentProblem, TuflineError
from tufline.repository.format import TIMESTAMP, Document, metadata_path, role_periods
from tufline.repository.history import Commit, History, Move
from tufline.repository.jobs import PUBLISH
from tufline.repository.jobs.publishing import (
    Lane,
    lane_between,
    line_of,
    renewal_of,
    with_timestamp,
)
from tufline.repository.publish import Deployed
from tufline.repository.settings import Settings, read_settings
from tufline.repository.state import State

_LONGEST: Final = timedelta(days=14)


class NotKeptFresh(EnvironmentProblem):
    """What clients have was to be renewed, and was not. What else was due was done.

    Which old state is looked at is up to the place that clients read from, and keys of old may be
    lost; so this must stop nothing. But clients will stop.
    """

    hint = "mend it, or have clients take the new content, before what they have ends"

    def __init__(self, error: Exception) -> None:
        expected = isinstance(error, TuflineError)
        reason = str(error) if expected else f"unexpected {type(error).__name__}: {error}"
        super().__init__(
            "what clients have, while new content is kept from them, could not be kept fresh:"
            f" {reason}"
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Held:
    """What clients have, `held`, and what publish holds for them, both with their commits."""

    held: Commit
    held_state: State
    publish: Commit
    publish_state: State
    settings: Settings


def keep_fresh(history: History, deployed: Deployed, run: Run, *, now: datetime) -> bool:
    """Renew the timestamp over what clients have, if that is due; return whether publish moved.

    Raises:
        Moved: somebody else signed meanwhile. Nothing was done.
        NotSigned: too few online keys of what clients have, or of publish, can be used.
        PublishChanged: publish holds what nobody signed.
    """
    found = _held_back(history, deployed)
    if found is None or not _is_due(history, found, now) or not _may_go_on(history, found, now):
        return False
    for state in (found.held_state, found.publish_state):
        expect_signed(state, found.settings, now)
    run.begin(found.settings.online)
    try:
        back = _both_renewed(history, found, run, (deployed, now))
    except NotSigned as failure:
        held = held_online(found.held_state)
        raise NotSigned(failure.role, run.failed, held=held, now=now) from failure
    if back is None:
        return False
    history.move([Move(branch=PUBLISH, old=found.publish, new=back)])
    return True


def _both_renewed(
    history: History, found: _Held, run: Run, when: tuple[Deployed, datetime]
) -> Commit | None:
    """Return a commit of what clients have, renewed, with that of publish's content on top."""
    held, content = (found.held, found.held_state), (found.publish, found.publish_state)
    fresh = _renewed(history, held, found, onto=found.publish, run=run, when=when)
    return _renewed(history, content, found, onto=fresh, run=run, when=when) if fresh else None


def _held_back(history: History, deployed: Deployed) -> _Held | None:
    """Return what clients have where publish holds other content; None where it does not."""
    publish = history.branches(PUBLISH).get(PUBLISH)
    if publish is None or deployed.timestamp_data is None:
        return None
    state = State(history.files(publish))
    if state.read(metadata_path(TIMESTAMP)) == deployed.timestamp_data:
        return None  # the usual case, seen without a look at the past
    found = with_timestamp(history, publish, deployed.timestamp_data)
    if found is None or lane_between(found[1], state) is not Lane.CONTENT:
        return None
    return _Held(
        held=found[0],
        held_state=found[1],
        publish=publish,
        publish_state=state,
        settings=read_settings(state),
    )


def _is_due(history: History, found: _Held, now: datetime) -> bool:
    """Whether the newest timestamp over what clients have is near its end, published or not."""
    renewal = renewal_of(found.held_state, line_of(history, found.publish))
    newest = State(history.files(renewal)) if renewal else found.held_state
    timestamp, root = newest.timestamp(), newest.root()
    if not isinstance(timestamp, Document) or not isinstance(root, Document):
        return False
    periods = role_periods(root.signed.roles[TIMESTAMP])
    return periods is None or timestamp.signed.expires - periods.signing_or_default <= now


def _may_go_on(history: History, found: _Held, now: datetime) -> bool:
    """Whether what clients have was replaced a short while ago, and still serves."""
    snapshot = found.held_state.snapshot()
    if not isinstance(snapshot, Document) or snapshot.signed.is_expired(now):
        return False
    replaced = None
    for commit, state in line_of(history, found.publish):
        if commit == found.held:
            break
        if lane_between(found.held_state, state) is Lane.CONTENT:
            replaced = commit
    return replaced is not None and now - history.info(replaced).when <= _LONGEST


def _renewed(
    history: History,
    content: tuple[Commit, State],
    found: _Held,
    *,
    onto: Commit,
    run: Run,
    when: tuple[Deployed, datetime],
) -> Commit | None:
    """Return a commit with the content, on `onto`, under a timestamp newer than that one's."""
    deployed, now = when
    tree, state = content
    known = State(history.files(onto))
    snapshot = state.snapshot()
    if not isinstance(snapshot, Document):
        return None
    ground = ground_of(state, known, main=None, deployed=deployed, now=now)
    data = issue_timestamp(ground, snapshot, run)
    if data is None:
        return None
    return history.write(
        tree=tree,
        changes={metadata_path(TIMESTAMP): data},
        parents=[onto],
        message="Sign timestamp, while clients are kept from new content",
        author=found.settings.committer,
        when=now,
    )
