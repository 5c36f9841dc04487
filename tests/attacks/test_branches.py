"""Branches that anybody may push, and that must not stop anybody else's."""

from collections.abc import Callable

import pytest
from tests.jobs.scenarios import DUE, changed_artifact
from tests.support.pipeline import Pipeline

from tufline.repository.format import ROOT
from tufline.repository.history import Commit, CorruptRepository
from tufline.repository.jobs.create_signing_events import create_signing_events
from tufline.repository.jobs.events import open_events
from tufline.repository.state import Files


def damaged(pipeline: Pipeline) -> None:
    """Push an event whose tree git cannot read; by default it takes such a push."""
    files = pipeline.history.files
    bad = pipeline.push("sign/root-v2", changed_artifact(pipeline.main))

    def broken(commit: Commit) -> Files:
        if commit == bad:
            raise CorruptRepository("tree holds a mode")
        found: Files = files(commit)
        return found

    pipeline.history.files = broken


def refused(pipeline: Pipeline) -> None:
    """Push an event that renews root and can never be merged."""
    event = pipeline.main.copy()
    event.edit("root", signers=[])
    event.files[".github/workflows/x.yml"] = b"on: push\n"
    pipeline.push("sign/root-v2", event)


@pytest.mark.parametrize("attack", [damaged, refused])
def test_attack_worthless_branch_holds_up_no_renewal(attack: Callable[[Pipeline], None]) -> None:
    pipeline = Pipeline()
    pipeline.now += DUE
    attack(pipeline)

    opened = {each.role: each.event for each in create_signing_events(pipeline.place).opened}

    assert opened[ROOT] == "sign/root-v2-2"
    assert opened.keys() == {"root", "targets", "npm"}


def test_attack_damaged_branch_hides_no_other_event() -> None:
    pipeline = Pipeline()
    pipeline.push("sign/x", changed_artifact(pipeline.main))
    damaged(pipeline)

    found = {each.name: each.verdict for each in open_events(pipeline.history, now=pipeline.now)}

    assert found["sign/x"] == "ready"
    assert found["sign/root-v2"].startswith("unreadable: ")
