"""What online signing may sign over: main, if review accepts it, and what was accepted last."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from tufline.online_sign._ground import Ground, ground_of
from tufline.online_sign._judge import judged
from tufline.repository.errors import Refusal
from tufline.repository.format import ROOT, RoleName, historic_root_path, without_empty_signatures
from tufline.repository.history import Commit, History
from tufline.repository.jobs import MAIN, PUBLISH, oldest_root
from tufline.repository.publish import Deployed
from tufline.repository.review import Review
from tufline.repository.settings import Settings, read_settings
from tufline.repository.state import State


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
