"""Metadata that tuf-on-ci wrote, as real events of a public repository left it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from tests.support.sample import NOW

from tufline.repository.edit import Draft, update_targets
from tufline.repository.format import ROOT, Document, RoleName
from tufline.repository.history import GitHistory, open_history
from tufline.repository.state import Lookup, Overlay, State

DATA = Path(__file__).parents[3] / "shared" / "data"
Listing: TypeAlias = tuple[Any, list[str]]
EVENTS = [f"{number:03}" for number in range(83)]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHistory]:
    bundle = DATA / "tuf-demo-events.bundle"
    if not bundle.exists():
        pytest.skip(f"the real events are not there: {bundle}")
    clone = tmp_path_factory.mktemp("real") / "events.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", bundle, clone], check=True)
    with open_history(clone) as opened:
        yield opened


def state(history: GitHistory, name: str) -> State:
    return State(history.files(history.resolve(f"refs/tags/{name}")))


def readable_roles(one: State) -> Iterator[RoleName]:
    for role in (ROOT, *one.targets_roles()):
        if isinstance(one.role(role), Document):
            yield role


@pytest.mark.parametrize("event", EVENTS)
def test_no_role_is_rewritten_because_it_was_opened(history: GitHistory, event: str) -> None:
    known_good, branch = (state(history, f"{event}/{side}") for side in ("main", "event"))
    draft = Draft(known_good=known_good, event=branch, now=NOW)
    for role in readable_roles(branch):
        draft.delegator(role)
    assert draft.files() == {}


def test_artifacts_are_listed_as_tuf_on_ci_listed_them(history: GitHistory) -> None:
    listings = [listing for event in EVENTS for listing in repeated_listings(history, event)]
    assert len(listings) > 10
    for ours, theirs in listings:
        assert ours == theirs


def repeated_listings(history: GitHistory, event: str) -> Iterator[tuple[Listing, Listing]]:
    """List the event's artifacts on top of main, where tuf-on-ci had done so already."""
    known_good, branch = (state(history, f"{event}/{side}") for side in ("main", "event"))
    changes = branch.files.since(known_good.files)
    artifacts = [change for change in changes if change.path.startswith("targets/")]
    pushed = State(Overlay(known_good.files, branch.files, artifacts))
    draft = Draft(known_good=known_good, event=pushed, now=NOW)
    names = [change.path.removeprefix("targets/") for change in artifacts]
    update_targets(draft, names, Lookup(pushed))
    for path, data in draft.files().items():
        theirs = branch.read(path)
        if data and theirs and theirs != known_good.read(path):
            yield listing(data), listing(theirs)


def listing(data: bytes) -> Listing:
    """Return what is signed, time aside, and by whom it should be signed."""
    tree = json.loads(data)
    tree["signed"].pop("expires")
    return tree["signed"], [signature["keyid"] for signature in tree["signatures"]]
