"""Jobs ask for jobs: the right workflow, on the right branch, with the event as its input."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.on_github import OnGitHub, disturbed, on_github

from tufline.repository.forge import Task
from tufline.repository.forge.github._errors import GitHubFailed, PermissionMissing
from tufline.repository.forge.github._tasks import (
    BRANCHES,
    WorkflowMissing,
    request,
    workflow_path,
)

WITH_EVENT = "on:\n  workflow_dispatch:\n    inputs:\n      event:\n        required: false\n"
FILES = {workflow_path(name): WITH_EVENT for name in BRANCHES} | {
    workflow_path("publish"): "on: workflow_dispatch\n"
}


@pytest.fixture
def github(tmp_path: Path) -> Iterator[OnGitHub]:
    with on_github(tmp_path) as github:
        prepare(github)
        yield github


def prepare(github: OnGitHub) -> None:
    """Have all workflows on both branches."""
    for branch in ("main", "publish"):
        github.commit(branch, FILES)
    github.hub.events.clear()


def started(github: OnGitHub) -> list[tuple[str, str, object]]:
    return [
        (str(each.payload["workflow"]), each.ref, each.payload["inputs"])
        for each in github.hub.events
    ]


@pytest.mark.parametrize(
    ("task", "event", "path", "ref", "inputs"),
    [
        (Task.SIGNING_EVENT, "sign/a", "signing-event.yml", "main", {"event": "sign/a"}),
        (Task.ONLINE_SIGN, "sign/a", "online-sign.yml", "main", {"event": "sign/a"}),
        (Task.ONLINE_SIGN, None, "online-sign.yml", "main", {}),
        (Task.PUBLISH, None, "publish.yml", "publish", {}),
    ],
)
def test_task_starts_its_workflow(
    github: OnGitHub, task: Task, event: str | None, path: str, ref: str, inputs: object
) -> None:
    request(github.session(), task, event)

    assert started(github) == [(f".github/workflows/{path}", f"refs/heads/{ref}", inputs)]


@pytest.mark.parametrize("task", Task)
def test_each_task_has_a_workflow(task: Task) -> None:
    assert task in BRANCHES


def test_missing_workflow_is_named(tmp_path: Path) -> None:
    with on_github(tmp_path) as github:
        github.commit("main", {"file": "main"})
        with pytest.raises(WorkflowMissing) as missing:
            request(github.session(), Task.ONLINE_SIGN)

    assert str(missing.value) == "GitHub knows no workflow .github/workflows/online-sign.yml"
    assert missing.value.hint == (
        "commit .github/workflows/online-sign.yml to main; `tufline init` writes it. "
        "If it is there, give the token actions: write"
    )


def test_missing_branch_is_said(tmp_path: Path) -> None:
    with on_github(tmp_path) as github:
        github.commit("main", FILES)
        with pytest.raises(GitHubFailed, match="422 No ref found for: publish"):
            request(github.session(), Task.PUBLISH)


def test_missing_permission_is_named(github: OnGitHub) -> None:
    with pytest.raises(PermissionMissing) as refused:
        request(github.session({"actions": "read"}), Task.PUBLISH)

    assert "actions: write" in (refused.value.hint or "")


def test_task_is_started_whatever_was_interrupted(tmp_path: Path) -> None:
    def job(github: OnGitHub) -> None:
        request(github.session(), Task.PUBLISH)

    for github, what in disturbed(tmp_path, prepare, job):
        path = ".github/workflows/publish.yml"
        assert set(map(str, started(github))) == {str((path, "refs/heads/publish", {}))}, what
