"""Job: sign snapshot and timestamp over main, or renew them over what was accepted last.

`decide` judges main against the publish branch. What review accepts becomes one commit on publish:
main's tree with the new online metadata. What it refuses is reported, and the last accepted state
is kept fresh all the same, so that one bad merge does not take the clients down.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tufline.online_sign._decision import (
    Choice,
    Decision,
    MainRefused,
    RootNotConfirmed,
    decide,
)
from tufline.online_sign._held_back import NotKeptFresh, keep_fresh
from tufline.online_sign._issue import issue
from tufline.online_sign._judge import expect_signed
from tufline.online_sign._keys import OnlineKeys
from tufline.online_sign._not_signed import NotSigned, held_online
from tufline.online_sign._run import FailedKey, Run, begin
from tufline.repository.errors import Race
from tufline.repository.format import (
    SNAPSHOT,
    TIMESTAMP,
    RoleName,
    metadata_path,
)
from tufline.repository.history import Commit, History, Move, Moved
from tufline.repository.jobs import PUBLISH
from tufline.repository.publish import Deployed
from tufline.repository.review import Review
from tufline.repository.state import Entry, State

__all__ = ["MainRefused", "Outcome", "RootNotConfirmed", "online_sign"]

_MOST_TRIES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What was done: the head of publish, whether it moved, and why main was refused, if it was.

    Attributes:
        failed_keys: the online keys that failed, though others were enough.
        not_kept_fresh: why what clients have was not renewed, while new content is kept from them.
            Keys that failed may not have been enough then.
    """

    publish: Commit
    moved: bool
    signed: tuple[RoleName, ...]
    refused: Review | None
    failed_keys: tuple[FailedKey, ...] = ()
    not_kept_fresh: NotKeptFresh | None = None


def online_sign(
    history: History,
    keys: OnlineKeys,
    *,
    now: datetime,
    deployed: Deployed | None = None,
    confirmed_root: str | None = None,
) -> Outcome:
    """Sign what is due, as one commit on publish. Running it again changes nothing.

    Args:
        history: where main and publish are.
        keys: the online keys; a `Run`, where what failed elsewhere is to be left alone here.
        now: the time that signatures are made at.
        deployed: what clients get now, where that can be seen: versions continue from it.
        confirmed_root: SHA-256 (hex) of the oldest root as published; needed on the first run.

    Raises:
        MainRefused, RootNotConfirmed: on a first run.
        NotSigned: too few online keys can be used. Nothing new is taken; what was accepted last is
            renewed, if it is due and its own keys work.
    """
    run, deployed = keys if isinstance(keys, Run) else Run(keys), deployed or Deployed()
    stale = _kept_fresh(history, deployed, run, now)
    try:
        outcome = _signed(history, run, now=now, deployed=deployed, confirmed_root=confirmed_root)
    except Exception as failure:
        if stale:
            failure.add_note(str(stale))
        raise
    return replace(outcome, not_kept_fresh=stale)


def _kept_fresh(
    history: History, deployed: Deployed, run: Run, now: datetime
) -> NotKeptFresh | None:
    """Keep clients fresh that have not got what publish holds; return why not, if that fails."""
    for _ in range(_MOST_TRIES):
        history.refresh()
        try:
            keep_fresh(history, deployed, run, now=now)
        except Moved:
            continue  # somebody else signed meanwhile, perhaps this as well
        except Exception as failure:  # noqa: BLE001 - see `NotKeptFresh`
            return NotKeptFresh(failure)
        return None
    return NotKeptFresh(_moved())


def _signed(
    history: History,
    run: Run,
    *,
    now: datetime,
    deployed: Deployed,
    confirmed_root: str | None,
) -> Outcome:
    """Decide what is due and sign it; again, where somebody else was faster."""
    for _ in range(_MOST_TRIES):
        history.refresh()
        decision = decide(history, now=now, deployed=deployed, confirmed_root=confirmed_root)
        try:
            return _act(history, decision, begin(run, decision.settings.online))
        except Moved:
            continue  # somebody else signed meanwhile: start again from there
        except NotSigned as failure:
            held = held_online(_published(history))
            raise NotSigned(failure.role, run.failed, held=held, now=now) from failure
    raise _moved()


def _moved() -> Race:
    return Race(f"{PUBLISH} moved {_MOST_TRIES} times while it was signed")


def _published(history: History) -> State | None:
    publish = history.branches(PUBLISH).get(PUBLISH)
    return State(history.files(publish)) if publish else None


def _act(history: History, decision: Decision, run: Run) -> Outcome:
    """Sign over the best choice. If that fails, keep the last one fresh, then say so.

    A new root may name a key that does not work. Clients do not have that root yet.
    """
    best, *others = decision.choices
    try:
        outcome = _sign(history, decision, best, run)
    except Race:
        raise
    except Exception:
        for choice in others:
            _sign(history, decision, choice, run)
        raise
    if decision.failure:
        raise decision.failure
    return outcome


def _sign(history: History, decision: Decision, choice: Choice, run: Run) -> Outcome:
    """Commit what is due over the choice, and move publish there from where we read it."""
    if choice.tree == decision.publish:
        expect_signed(choice.ground.content, decision.settings, choice.ground.now)
    files, publish = issue(choice.ground, run), decision.publish
    if publish is None or files or choice.merged:
        publish = history.write(
            tree=choice.tree,
            changes=_over(choice.ground.known, files),
            parents=[parent for parent in (decision.publish, choice.merged) if parent],
            message="Sign " + (" and ".join(_roles(files)) or "nothing new"),
            author=decision.settings.committer,
            when=choice.ground.now,
        )
        history.move([Move(branch=PUBLISH, old=decision.publish, new=publish)])
    return Outcome(
        publish=publish,
        moved=publish != decision.publish,
        signed=_roles(files),
        refused=decision.refused,
        failed_keys=run.failed,
    )


def _over(known: State, files: Mapping[str, bytes]) -> dict[str, bytes | Entry | None]:
    """Return the online metadata to put over the content: what is new, else what publish has."""
    paths = (metadata_path(SNAPSHOT), metadata_path(TIMESTAMP))
    return {**{path: known.files.find(path) for path in paths}, **files}


def _roles(files: Mapping[str, bytes]) -> tuple[RoleName, ...]:
    return tuple(role for role in (SNAPSHOT, TIMESTAMP) if metadata_path(role) in files)
