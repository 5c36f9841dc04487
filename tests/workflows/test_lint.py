"""Our workflows and actions, and those that `tufline init` writes, satisfy three linters.

Each linter is also given a workflow with a fault that it must find.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tests.workflows.linting import ACTIONLINT, ROOT, actionlint, example, schema, written, zizmor

BAD = Path(__file__).parent / "bad"
CLOUDS = {"gcp-workload-identity-provider": "${{ vars.PROVIDER }}", "aws-region": "eu-1"}

needs_actionlint = pytest.mark.skipif(
    not ACTIONLINT.exists(),
    reason="NO ACTIONLINT: it is built with Go; install Go 1.24, then run make clean-tools tools",
)


@pytest.fixture(
    params=[
        "ours",
        "written",
        "written, with clouds",
        "written, with an App",
        "written, with secrets",
    ]
)
def github(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a folder `.github`."""
    match request.param:
        case "ours":
            return ROOT / ".github"
        case "written":
            options = example()
        case "written, with clouds":
            options = example(online_sign=CLOUDS)
        case "written, with an App":
            options = example(app=True)
        case _:
            options = example(secrets=("SLACK_URL", "HEARTBEAT_URL"))
    return written(tmp_path, options) / ".github"


def workflows(github: Path) -> list[Path]:
    return sorted((github / "workflows").iterdir())


def actions() -> list[Path]:
    return sorted(ROOT.glob("actions/*/action.yml"))


@needs_actionlint
def test_actionlint_finds_nothing(github: Path) -> None:
    assert actionlint(*workflows(github)).said == ""


def test_zizmor_finds_nothing_as_an_auditor(github: Path) -> None:
    verdict = zizmor(github)

    assert verdict.code == 0, verdict.said


def test_zizmor_finds_nothing_in_our_actions() -> None:
    verdict = zizmor(ROOT / "actions")

    assert verdict.code == 0, verdict.said


def test_files_are_what_github_takes(github: Path) -> None:
    for name, files in (
        ("github-workflows", workflows(github)),
        ("dependabot", [github / "dependabot.yml"]),
        ("github-issue-forms", [*github.glob("ISSUE_TEMPLATE/[!c]*.yml")]),
        ("github-issue-config", [*github.glob("ISSUE_TEMPLATE/config.yml")]),
    ):
        if files:
            verdict = schema(name, *files)
            assert verdict.code == 0, verdict.said


def test_actions_are_what_github_takes() -> None:
    verdict = schema("github-actions", *actions())

    assert verdict.code == 0, verdict.said
    assert len(actions()) == 8


# each linter sees what it is there for


@needs_actionlint
def test_actionlint_sees_an_undefined_input() -> None:
    verdict = actionlint(BAD / "undefined_input.yml")

    assert verdict.code == 1
    assert 'property "evnt" is not defined' in verdict.said


@pytest.mark.parametrize(
    ("name", "audit"),
    [
        ("expression_in_script", "template-injection"),
        ("fork_is_checked_out", "dangerous-triggers"),
        ("action_by_tag", "unpinned-uses"),
        ("all_permissions", "excessive-permissions"),
    ],
)
def test_zizmor_sees(name: str, audit: str) -> None:
    verdict = zizmor(BAD / f"{name}.yml")

    assert verdict.code != 0
    assert audit in verdict.said


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("github-workflows", "misspelt_key"),
        ("github-actions", "action_without_runs"),
        ("dependabot", "dependabot_without_schedule"),
    ],
)
def test_schema_sees(kind: str, name: str) -> None:
    assert schema(kind, BAD / f"{name}.yml").code == 1


# what no linter knows: our own actions, and our own rules


def test_workflows_give_our_actions_only_inputs_that_they_have(github: Path) -> None:
    inputs = {path.parent.name: set(load(path).get("inputs", ())) for path in actions()}
    for _, step in steps(github):
        called = str(step.get("uses", "")).partition("@")[0]
        if "/actions/" in called and called.startswith("tufline/"):
            assert set(step.get("with", ())) <= inputs[called.rpartition("/")[2]]


def test_only_jobs_of_main_or_publish_hold_more_than_a_request(tmp_path: Path) -> None:
    github = written(tmp_path, example()) / ".github"
    bound = {
        name
        for workflow in workflows(github)
        for name, job in load(workflow)["jobs"].items()
        if "github.ref == 'refs/heads/main'" in job.get("if", "")
        or "github.ref == 'refs/heads/publish'" in job.get("if", "")
        or job.get("needs")
    }
    free = {
        name: job["permissions"]
        for workflow in workflows(github)
        for name, job in load(workflow)["jobs"].items()
        if name not in bound
    }

    assert free == {"hand-over": {"actions": "write"}}


def test_every_job_has_a_time_limit_and_none_runs_in_a_fork(github: Path) -> None:
    ours = github == ROOT / ".github"
    for workflow in workflows(github):
        tree = load(workflow)
        assert tree["permissions"] == {}
        assert tree["concurrency"]["cancel-in-progress"] is ours
        for job in tree["jobs"].values():
            assert job["timeout-minutes"] <= 60
            assert ours or job.get("needs") or "repository.fork != true" in job["if"]


def test_identity_of_online_keys_keeps_its_name(tmp_path: Path) -> None:
    path = written(tmp_path, example()) / ".github/workflows/online-sign.yml"

    assert load(path)["jobs"]["online-sign"]["permissions"]["id-token"] == "write"


def test_job_that_tells_of_online_keys_cannot_use_them(tmp_path: Path) -> None:
    folder = written(tmp_path, example()) / ".github/workflows"
    tell = load(folder / "online-sign.yml")["jobs"]["tell"]

    signing_event = load(folder / "signing-event.yml")["jobs"]["signing-event"]
    assert tell["permissions"] == signing_event["permissions"]
    assert "id-token" not in tell["permissions"]
    assert "inputs.event != ''" in tell["if"]
    used = [step["uses"].partition("@")[0] for step in tell["steps"]]
    assert used[1:] == ["tufline/tufline/actions/signing-event"]
    checks = {"TUFLINE_CHECKS": "${{ needs.online-sign.outputs.checks }}"}
    assert tell["steps"][1]["env"] == checks


@pytest.mark.parametrize("suppressed", ["zizmor: ignore", "shellcheck disable"])
def test_suppressions_have_a_reason(suppressed: str, github: Path) -> None:
    for path in (*workflows(github), *actions()):
        for line in path.read_text().splitlines():
            found = line.partition(suppressed)[2]
            assert not found or len(found.partition("]")[2].split()) > 3, line


def load(path: Path) -> Any:  # noqa: ANN401 - YAML
    return YAML(typ="safe", pure=True).load(path)


def steps(github: Path) -> list[tuple[str, Mapping[str, Any]]]:
    return [
        (job, step)
        for workflow in workflows(github)
        for job, found in load(workflow)["jobs"].items()
        for step in found["steps"]
    ]
