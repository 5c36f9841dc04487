"""Watching over the emulated GitHub: real requests for runs and issues."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.support.memory_sink import MemorySink
from tests.support.on_github import NAME, OnGitHub, on_github
from tests.support.pipeline import Pipeline

from tufline.repository.forge.github import GitHubForge
from tufline.repository.forge.github._runs import GitHubWorkflows
from tufline.repository.jobs.watch import Watched, watch
from tufline.repository.notify import Kind


@pytest.fixture
def github(tmp_path: Path) -> Iterator[OnGitHub]:
    with on_github(tmp_path) as github:
        github.commit("main", {".github/workflows/online-sign.yml": "on: push\n"})
        yield github


def watched(github: OnGitHub, sink: MemorySink) -> Watched:
    session = github.session({"actions": "read", "contents": "read", "issues": "write"})
    place = replace(Pipeline().place, forge=GitHubForge(session))
    return watch(place, [sink], GitHubWorkflows(session), ahead=timedelta())


def test_failing_workflow_has_one_issue_and_one_notice_until_it_works(github: OnGitHub) -> None:
    sink = MemorySink()
    for conclusion in ("failure", "failure", "success", "success"):
        github.hub.add_run(NAME, "online-sign.yml", event="schedule", conclusion=conclusion)
        assert watched(github, sink).unsent == ()

    (issue,) = github.repository.issues.values()
    assert (issue.title, issue.state) == ("Tufline: online-sign fails", "closed")
    assert issue.body
    assert "online-sign failed\n\nit fails since " in issue.body
    assert [each.kind for each in sink.told] == [Kind.PROBLEM, Kind.MENDED]


def test_permission_that_is_missing_is_reported(github: OnGitHub) -> None:
    github.hub.add_run(NAME, "online-sign.yml", event="schedule", conclusion="failure")
    session = github.session({"actions": "read", "contents": "read", "issues": "read"})
    place = replace(Pipeline().place, forge=GitHubForge(session))

    found = watch(place, (), GitHubWorkflows(session), ahead=timedelta())

    (unsent,) = found.unsent
    assert str(unsent).startswith("forge: ")
    assert "issues: write" in str(unsent)
