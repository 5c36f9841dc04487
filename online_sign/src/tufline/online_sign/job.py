"""Job: sign snapshot and timestamp over main, or renew them over what was accepted last.

`decide` judges main against the publish branch. What review accepts becomes one commit on publish:
main's tree with the new online metadata. What it refuses is reported, and the last accepted state
is kept fresh all the same, so that one bad merge does not take the clients down.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tuf.api.metadata import Root, Snapshot, Timestamp

from tufline.online_sign._issue import Ground, issue
from tufline.online_sign._keys import OnlineKeys
from tufline.repository.errors import Race, Refusal
from tufline.repository.format import (
    SNAPSHOT,
    TIMESTAMP,
    Document,
    RoleName,
    historic_root_path,
    metadata_path,
    without_empty_signatures,
)
from tufline.repository.history import Commit, History, Move, Moved
from tufline.repository.jobs import MAIN, PUBLISH
from tufline.repository.publish import Deployed
from tufline.repository.review import Purpose, Review, review
from tufline.repository.settings import Settings, read_settings
from tufline.repository.state import Entry, Loaded, State

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
    """What was done: the head of publish, whether it moved, and why main was refused, if it was."""

    publish: Commit
    moved: bool
    signed: tuple[RoleName, ...]
    refused: Review | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What to sign over: main if it is accepted, else what publish holds."""

    main: Commit
    publish: Commit | None
    accepted: bool
    ground: Ground
    settings: Settings
    found: Review


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
        keys: the online keys.
        now: the time that signatures are made at.
        deployed: what clients get now, where that can be seen: versions continue from it.
        confirmed_root: SHA-256 (hex) of the oldest root as published; needed on the first run.

    Raises:
        MainRefused, RootNotConfirmed: on a first run.
        OnlineKeyFailed: an online key cannot be used; nothing moved.
    """
    for _ in range(_MOST_TRIES):
        history.refresh()
        decision = decide(
            history, now=now, deployed=deployed or Deployed(), confirmed_root=confirmed_root
        )
        try:
            return _act(history, decision, keys)
        except Moved:
            continue  # somebody else signed meanwhile: start again from there
    raise Race(f"{PUBLISH} moved {_MOST_TRIES} times while it was signed")


def decide(
    history: History, *, now: datetime, deployed: Deployed, confirmed_root: str | None
) -> Decision:
    """Judge main against publish, and return what to sign over. Nothing is written."""
    main, publish = history.resolve(MAIN), history.branches(PUBLISH).get(PUBLISH)
    new = State(history.files(main))
    known = State(history.files(publish)) if publish else None
    settings = read_settings(known or new)
    found = review(known, new, now=now, purpose=Purpose.ACCEPTED, policy=settings.policy)
    if known is None:
        if not found.accepted:
            raise MainRefused(found)
        _expect_confirmed(new, settings, confirmed_root)
    return Decision(
        main=main,
        publish=publish,
        accepted=found.accepted,
        ground=_ground(new if found.accepted else known or new, known or new, new, deployed, now),
        settings=settings,
        found=found,
    )


def _act(history: History, decision: Decision, keys: OnlineKeys) -> Outcome:
    """Sign, and move publish there from where we read it. Nothing is written if a key fails."""
    files = issue(decision.ground, keys)
    if decision.publish and not files and not _is_new(history, decision):
        return _outcome(decision, decision.publish, files)
    parents = [decision.publish] if decision.publish else []
    if decision.accepted and (decision.publish is None or _is_new(history, decision)):
        parents.append(decision.main)
    commit = history.write(
        tree=decision.main if decision.accepted else decision.publish,
        changes=_over(decision, files),
        parents=parents,
        message="Sign " + (" and ".join(_roles(files)) or "nothing new"),
        author=decision.settings.committer,
        when=decision.ground.now,
    )
    history.move([Move(branch=PUBLISH, old=decision.publish, new=commit)])
    return _outcome(decision, commit, files)


def _is_new(history: History, decision: Decision) -> bool:
    """Whether main was accepted and holds something that publish does not."""
    if not decision.accepted or decision.publish is None:
        return False
    return not history.contains(decision.publish, decision.main)


def _over(decision: Decision, files: Mapping[str, bytes]) -> dict[str, bytes | Entry | None]:
    """Return the online metadata to put over the content: what is new, else what publish has."""
    known = decision.ground.known.files
    kept = {path: known.find(path) for path in (metadata_path(SNAPSHOT), metadata_path(TIMESTAMP))}
    return {**kept, **files}


def _outcome(decision: Decision, commit: Commit, files: Mapping[str, bytes]) -> Outcome:
    return Outcome(
        publish=commit,
        moved=commit != decision.publish,
        signed=_roles(files),
        refused=None if decision.accepted else decision.found,
    )


def _roles(files: Mapping[str, bytes]) -> tuple[RoleName, ...]:
    return tuple(role for role in (SNAPSHOT, TIMESTAMP) if metadata_path(role) in files)


def _ground(content: State, known: State, main: State, deployed: Deployed, now: datetime) -> Ground:
    return Ground(
        content=content,
        known=known,
        roots=_roots(content, known, deployed),
        above={
            SNAPSHOT: max(_version(main.snapshot()), deployed.snapshot_version or 0),
            TIMESTAMP: max(_version(main.timestamp()), deployed.timestamp_version or 0),
        },
        now=now,
    )


def _roots(content: State, known: State, deployed: Deployed) -> tuple[Document[Root], ...]:
    """Return the roots under which clients may read what is signed: the oldest first.

    Clients that get the deployed root, and everybody up to the new one, must be able to follow.
    """
    current = _version(content.root())
    held = [_version(known.root()), *([deployed.root] if deployed.root else [])]
    versions = range(min(*held, current), current + 1)
    roots = (content.historic_root(version) for version in versions)
    return tuple(root for root in roots if isinstance(root, Document))


def _version(loaded: Loaded | Document[Snapshot] | Document[Timestamp]) -> int:
    return loaded.signed.version if isinstance(loaded, Document) else 0


def _expect_confirmed(main: State, settings: Settings, confirmed: str | None) -> None:
    """A first run has no known good to judge the first root by; a person is needed for that."""
    version = settings.review.oldest_root or min(main.historic_roots(), default=1)
    data = without_empty_signatures(main.read(historic_root_path(version)) or b"")
    digest = hashlib.sha256(data).hexdigest()
    if confirmed is None or confirmed.lower() != digest:
        raise RootNotConfirmed(version, digest)
