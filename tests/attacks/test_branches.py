"""Branches that anybody may push, and that must not stop anybody else's."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.jobs.arranging import DUE, changed_artifact
from tests.support.pipeline import Pipeline
from tests.support.sample import NOW

from tufline.repository.format import ROOT
from tufline.repository.history import (
    Author,
    Commit,
    CorruptRepository,
    Move,
    NoSuchRef,
    open_history,
)
from tufline.repository.jobs import load_event
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


def test_attack_tag_that_is_named_like_an_event_is_none(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(tmp_path)], check=True)
    author = Author(name="mallory", email="mallory@example.com")
    with open_history(tmp_path) as history:
        commit = history.write(
            tree=None, changes={"a": b"a"}, parents=[], message="a", author=author, when=NOW
        )
        history.move([Move(branch="main", old=None, new=commit)])
        subprocess.run(["git", "-C", str(tmp_path), "tag", "sign/x", commit], check=True)
        with pytest.raises(NoSuchRef, match="sign/x"):
            load_event(history, "sign/x")
