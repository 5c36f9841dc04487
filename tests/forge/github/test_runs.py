"""How workflows fared: the newest completed run on their own branch, and nobody else's."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.support.github import Fault, Hub, Kind
from tests.support.memory_workflows import MemoryWorkflows
from tests.support.on_github import NAME, OnGitHub, on_github

from tufline.repository.forge import ForgeFailed, WorkflowRun, Workflows
from tufline.repository.forge.github._errors import PermissionMissing
from tufline.repository.forge.github._runs import GitHubWorkflows
from tufline.repository.forge.github._tasks import BRANCHES, workflow_path


@pytest.fixture
def github(tmp_path: Path) -> Iterator[OnGitHub]:
    with on_github(tmp_path) as github:
        github.commit("main", {workflow_path(name): "on: push\n" for name in BRANCHES})
        yield github


def outcome(github: OnGitHub) -> list[tuple[str, bool | None, str]]:
    runs = GitHubWorkflows(github.session()).latest()
    return [(each.workflow, each.succeeded, each.trigger) for each in runs]


def test_workflows_that_never_ran_are_left_out(github: OnGitHub) -> None:
    assert outcome(github) == []


def test_repository_without_workflows_has_no_runs(tmp_path: Path) -> None:
    with on_github(tmp_path) as github:
        github.commit("main", {"file": "main"})

        assert outcome(github) == []


def test_each_workflow_shows_its_newest_run_on_its_branch(github: OnGitHub) -> None:
    for name, branch in BRANCHES.items():
        github.hub.add_run(NAME, f"{name}.yml", branch=branch, conclusion="success")
        github.hub.add_run(
            NAME, f"{name}.yml", branch=branch, event="schedule", conclusion="failure"
        )

    assert outcome(github) == [
        ("signing-event", False, "schedule"),
        ("create-signing-events", False, "schedule"),
        ("online-sign", False, "schedule"),
        ("publish", False, "schedule"),
        ("check", False, "schedule"),
    ]


def test_run_says_when_it_started_and_where_its_log_is(github: OnGitHub) -> None:
    run = github.hub.add_run(NAME, "check.yml", event="schedule")

    assert GitHubWorkflows(github.session()).latest() == (
        WorkflowRun(
            workflow="check",
            succeeded=True,
            when=run.created,
            trigger="schedule",
            url=f"{github.hub.url}/{NAME}/actions/runs/{run.id}",
        ),
    )


@pytest.mark.parametrize(
    ("conclusion", "succeeded"),
    [
        ("success", True),
        ("failure", False),
        ("timed_out", False),
        ("startup_failure", False),
        ("action_required", False),
        ("cancelled", None),
        ("skipped", None),
        ("neutral", None),
    ],
)
def test_conclusion_is_good_bad_or_neither(
    github: OnGitHub,
    conclusion: str,
    succeeded: bool | None,  # noqa: FBT001 - a column of the table
) -> None:
    github.hub.add_run(NAME, "check.yml", conclusion=conclusion)

    assert outcome(github) == [("check", succeeded, "push")]


def run_on(branch: str) -> Callable[[Hub], object]:
    return lambda hub: hub.add_run(NAME, "publish.yml", branch=branch, conclusion="failure")


def run_of_another_file(hub: Hub) -> None:
    hub.add_run(NAME, "other.yml", branch="publish", conclusion="failure")


def run_that_goes_on(hub: Hub) -> None:
    hub.add_run(NAME, "publish.yml", branch="publish", status="in_progress", conclusion=None)


def run_of_a_fork(hub: Hub) -> None:
    run = hub.add_run(NAME, "publish.yml", branch="publish", conclusion="failure")
    run.head_repository = "mallory/tuf"


@pytest.mark.parametrize(
    "add",
    [
        run_on("main"),
        run_on("sign/a"),
        run_on("publish2"),
        run_of_another_file,
        run_that_goes_on,
        run_of_a_fork,
    ],
)
def test_run_that_is_none_of_ours_does_not_count(
    github: OnGitHub, add: Callable[[Hub], object]
) -> None:
    github.hub.fork(NAME, "mallory")
    github.hub.add_run(NAME, "publish.yml", branch="publish", conclusion="success")
    add(github.hub)

    assert outcome(github) == [("publish", True, "push")]


def test_missing_permission_is_named(github: OnGitHub) -> None:
    with pytest.raises(PermissionMissing) as refused:
        GitHubWorkflows(github.session({"contents": "read"})).latest()

    assert "actions: read" in (refused.value.hint or "")


@pytest.mark.parametrize("kind", [500, 429, Kind.BREAK_BEFORE])
def test_failure_is_one_of_the_forge(github: OnGitHub, kind: int | Kind) -> None:
    github.hub.faults.add(Fault(kind=kind, nth=2))
    with pytest.raises(ForgeFailed):
        GitHubWorkflows(github.session()).latest()


def test_fake_says_what_it_was_told_or_fails() -> None:
    fake: Workflows = MemoryWorkflows()
    assert fake.latest() == ()

    with pytest.raises(ForgeFailed, match="gone"):
        MemoryWorkflows(error=ForgeFailed("gone")).latest()
