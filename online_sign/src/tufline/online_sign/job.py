"""Job: sign snapshot and timestamp over main, or renew them over what was accepted last.

`decide` judges main against the publish branch. What review accepts becomes one commit on publish:
main's tree with the new online metadata. What it refuses is reported, and the last accepted state
is kept fresh all the same, so that one bad merge does not take the clients down.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tufline.online_sign._ground import Ground, ground_of
from tufline.online_sign._held_back import NotKeptFresh, keep_fresh
from tufline.online_sign._issue import issue
from tufline.online_sign._judge import expect_signed, judged
from tufline.online_sign._keys import OnlineKeys
from tufline.online_sign._not_signed import NotSigned, held_online
from tufline.online_sign._run import FailedKey, Run, begin
from tufline.repository.errors import Race, Refusal
from tufline.repository.format import (
    ROOT,
    SNAPSHOT,
    TIMESTAMP,
    RoleName,
    historic_root_path,
    metadata_path,
    without_empty_signatures,
)
from tufline.repository.history import Commit, History, Move, Moved
from tufline.repository.jobs import MAIN, PUBLISH, oldest_root
from tufline.repository.publish import Deployed
from tufline.repository.review import Review
from tufline.repository.settings import Settings, read_settings
from tufline.repository.state import Entry, State

_MOST_TRIES = 5


class MainRefused(Refusal):
    """Main is refused, and nothing was accepted before that could be kept fresh."""

    hint = "mend main with a signing event; `tufline review --event main` shows all of it"

    def __init__(self, found: Review) -> None:
        errors = "".join(f"\n  {each}" for each in found.errors)
        super().__init__(f"main is refused, so nothing was published yet:{errors}")
        self.review = found


class RootNotConfirmed(Refusal):
    """Nobody has said yet that the root which clients will start from is the right one."""

    def __init__(self, version: int, digest: str) -> None:
        super().__init__(f"root {version} with SHA-256 {digest} was not confirmed")
        self.hint = (
            "compare the digest with what the key holders have; then run, once:"
            f" tufline ci online-sign --confirm-root {digest}"
        )
        self.digest = digest


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One content to sign over.

    Attributes:
        tree: the commit whose files it is: main, or publish itself.
        merged: main, where publish does not have it yet.
        ground: what snapshot and timestamp over it follow from.
    """

    tree: Commit
    merged: Commit | None
    ground: Ground


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What to sign over: main, then what was accepted last. Refused main is no choice.

    Attributes:
        publish: the head of publish that was read; None on a first run.
        choices: at least one, the best first.
        settings: those of what was accepted last.
        refused: what review says of main, if it refuses it.
        failure: why main could not even be judged, if so.
    """

    publish: Commit | None
    choices: tuple[Choice, ...]
    settings: Settings
    refused: Review | None
    failure: Exception | None = None


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


def decide(
    history: History, *, now: datetime, deployed: Deployed, confirmed_root: str | None
) -> Decision:
    """Judge main against publish, and return what to sign over. Nothing is written."""
    publish = history.branches(PUBLISH).get(PUBLISH)
    if publish is None:
        return _first_decision(history, now, deployed, confirmed_root)
    known = State(history.files(publish))
    settings = read_settings(known)
    renewal = Choice(
        tree=publish,
        merged=None,
        ground=ground_of(known, known, main=None, deployed=deployed, now=now),
    )
    try:
        found, choices = _judged_main(history, publish, settings, deployed, now)
    except Exception as failure:  # noqa: BLE001 - main may be anything, and clients go on all the same
        return Decision(
            publish=publish, choices=(renewal,), settings=settings, refused=None, failure=failure
        )
    return Decision(
        publish=publish,
        choices=(*choices, renewal),
        settings=settings,
        refused=None if found.accepted else found,
    )


def _first_decision(
    history: History, now: datetime, deployed: Deployed, confirmed_root: str | None
) -> Decision:
    main = history.resolve(MAIN)
    new = State(history.files(main))
    settings = read_settings(new)
    found = judged(None, new, settings=settings, deployed=deployed, now=now)
    _expect_confirmed(found, new, settings, confirmed_root)
    ground = ground_of(new, new, main=None, deployed=deployed, now=now)
    ground = replace(ground, versions=_versions(found))
    choice = Choice(tree=main, merged=main, ground=ground)
    return Decision(publish=None, choices=(choice,), settings=settings, refused=None)


def _judged_main(
    history: History, publish: Commit, settings: Settings, deployed: Deployed, now: datetime
) -> tuple[Review, tuple[Choice, ...]]:
    """Judge main against publish; return it as a choice if it is accepted."""
    main = history.resolve(MAIN)
    known, new = State(history.files(publish)), State(history.files(main))
    found = judged(known, new, settings=settings, deployed=deployed, now=now)
    if not found.accepted:
        return found, ()
    merged = None if history.contains(publish, main) else main
    ground = ground_of(new, known, main=new, deployed=deployed, now=now)
    ground = replace(ground, versions=_versions(found))
    return found, (Choice(tree=main, merged=merged, ground=ground),)


def _versions(found: Review) -> dict[RoleName, int]:
    """Return the versions of the targets-type roles that an accepted review has read."""
    return {role.name: role.version for role in found.roles if role.name != ROOT and role.version}


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


def _expect_confirmed(
    found: Review, main: State, settings: Settings, confirmed: str | None
) -> None:
    """A first run has no known good to judge the first root by; a person is needed for that."""
    if not found.accepted:
        raise MainRefused(found)
    version = oldest_root(main, settings)
    data = without_empty_signatures(main.read(historic_root_path(version)) or b"")
    digest = hashlib.sha256(data).hexdigest()
    if confirmed is None or confirmed.lower() != digest:
        raise RootNotConfirmed(version, digest)
