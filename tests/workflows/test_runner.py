"""The harness itself: it starts what GitHub would start, with the rights that GitHub would give."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support.act import Grant, JobRun, NotAsExpected, Runner, Tools
from tests.support.github import Hub, serve
from tests.workflows.clone import Clone, clone_as
from tests.workflows.conftest import ReportJobs

REPOSITORY = "octo/tuf"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1"

pytestmark = pytest.mark.usefixtures("tools")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with serve(tmp_path / "hub", now=lambda: NOW) as served:
        served.add_repository(REPOSITORY, collaborators={"alice": "write"})
        yield served


@pytest.fixture
def runner(hub: Hub, tools: Tools, tmp_path: Path, report_jobs: ReportJobs) -> Iterator[Runner]:
    made = Runner(hub=hub, tools=tools, folder=tmp_path / "runs")
    yield made
    report_jobs(made.runs)


@pytest.fixture
def clone(hub: Hub, tmp_path: Path) -> Clone:
    return clone_as("alice", hub, REPOSITORY, tmp_path / "clone")


def push(clone: Clone, to: str, **workflows: str) -> str:
    """Push workflow files, by name; return the commit."""
    files = {f".github/workflows/{name}.yml": text.encode() for name, text in workflows.items()}
    return clone.push(to, files)


def workflow(on: str, *steps: str, **job: object) -> str:
    """Return a workflow with one job, `work`, of these shell commands."""
    run = [{"run": step} for step in steps]
    work = {"runs-on": "ubuntu-latest", "steps": run, **job}
    return json.dumps({"name": "tiny", "on": json.loads(on), "jobs": {"work": work}})


def logged(run: JobRun) -> str:
    assert run.log
    return run.log.read_text()


def test_runs_the_pushed_branchs_own_file(clone: Clone, runner: Runner) -> None:
    on = '{"push": {"branches": ["sign/**"]}}'
    push(clone, "main", tiny=workflow(on, "echo as on main"))
    commit = push(clone, "sign/a/b", tiny=workflow(on, 'echo "as on $GITHUB_REF: $GITHUB_SHA"'))

    (run,) = runner.settle()

    assert f"as on refs/heads/sign/a/b: {commit}" in logged(run)
    assert (run.event, run.ref, run.result) == ("push", "refs/heads/sign/a/b", "success")


def test_gives_each_job_a_token_that_may_do_what_the_file_says(
    clone: Clone, hub: Hub, runner: Runner
) -> None:
    steps = [
        {"uses": CHECKOUT},
        {"run": 'git push --quiet origin "HEAD:refs/heads/made-by-$GITHUB_JOB"'},
    ]
    jobs = {
        job: {"runs-on": "ubuntu-latest", "permissions": {"contents": level}, "steps": steps}
        for job, level in (("writer", "write"), ("reader", "read"))
    }
    push(clone, "main", tiny=json.dumps({"on": "push", "jobs": jobs}))

    runner.settle(failing=["tiny.yml/reader"])

    assert clone.remote_head("made-by-writer")
    assert not clone.remote_head("made-by-reader")
    assert not [token for token in hub.tokens.values() if token.kind == "actions"]


def test_passes_on_how_needed_jobs_ended(clone: Clone, runner: Runner) -> None:
    first = {
        "runs-on": "ubuntu-latest",
        "outputs": {"answer": "${{ steps.say.outputs.answer }}"},
        "steps": [{"id": "say", "run": "echo 'answer=a $b' >> \"$GITHUB_OUTPUT\""}],
    }
    env = {"ANSWER": "${{ needs.first.outputs.answer }}"}
    steps = [{"run": 'echo "told $ANSWER"', "env": env}]
    second = {"runs-on": "ubuntu-latest", "needs": "first", "steps": [*steps, {"run": "exit 1"}]}
    third = {"runs-on": "ubuntu-latest", "needs": ["second"], "steps": [{"run": "echo never"}]}
    jobs = {"third": third, "second": second, "first": first}
    push(clone, "main", tiny=json.dumps({"on": "push", "jobs": jobs}))

    runs = {run.job: run for run in runner.settle(failing=["tiny.yml/second"])}

    assert list(runs) == ["tiny.yml/first", "tiny.yml/second", "tiny.yml/third"]
    assert "told a $b" in logged(runs["tiny.yml/second"])
    assert runs["tiny.yml/third"].result == "skipped"


def test_a_failing_job_fails_the_test_with_the_end_of_its_log(clone: Clone, runner: Runner) -> None:
    push(clone, "main", tiny=workflow('"push"', "echo a reason", "exit 3"))

    with pytest.raises(NotAsExpected, match=r"(?s)tiny.yml/work.*failure.*a reason"):
        runner.settle()


def test_a_job_that_should_have_failed_fails_the_test(clone: Clone, runner: Runner) -> None:
    push(clone, "main", tiny=workflow('"push"', "true"))

    with pytest.raises(NotAsExpected, match=r"should fail: tiny\.yml/work"):
        runner.settle(failing=["tiny.yml/work"])


def test_checks_out_with_history_and_pushes_with_the_token(clone: Clone, runner: Runner) -> None:
    steps = [
        {"uses": CHECKOUT, "with": {"fetch-depth": 0}},
        {"run": "git log --oneline | wc -l"},
        {"run": "git push --quiet origin HEAD:refs/heads/made"},
    ]
    job = {
        "runs-on": "ubuntu-latest",
        "permissions": {"contents": "write"},
        "steps": steps,
    }
    push(clone, "other")
    text = json.dumps({"on": {"push": {"branches": ["main"]}}, "jobs": {"work": job}})
    commit = push(clone, "main", tiny=text)

    (run,) = runner.settle()

    assert " 2\n" in logged(run) or "| 2" in logged(run)
    assert clone.remote_head("made") == commit


def test_runs_on_a_schedule_of_the_file_with_the_emulated_time(
    clone: Clone, hub: Hub, runner: Runner
) -> None:
    on = '{"schedule": [{"cron": "0 3 * * *"}]}'
    push(clone, "main", tiny=workflow(on, 'echo "it is $TUFLINE_NOW"'))
    hub.schedule(REPOSITORY, cron="0 4 * * *")
    hub.schedule(REPOSITORY, cron="0 3 * * *")

    (run,) = runner.settle()

    assert f"it is {NOW.isoformat()}" in logged(run)


def test_keeps_jobs_out_of_environments_of_other_branches(
    clone: Clone, hub: Hub, runner: Runner
) -> None:
    hub.add_environment(REPOSITORY, "github-pages", branches=("publish",))
    push(clone, "main", tiny=workflow('"push"', "true", environment="github-pages"))

    (run,) = runner.settle(failing=["tiny.yml/work"])

    assert run.log is None
    push(clone, "publish")
    assert runner.settle()[0].result == "success"


def test_a_cloud_believes_only_the_named_workflow_on_main(
    clone: Clone, hub: Hub, tools: Tools, tmp_path: Path
) -> None:
    grant = Grant(file="good.yml", variables={"KEY": "the key"})
    runner = Runner(hub=hub, tools=tools, folder=tmp_path / "runs", grants=[grant])
    identity = {"id-token": "write"}
    files = {
        "good": workflow('"push"', 'echo "has ${KEY:-nothing}"', permissions=identity),
        "other": workflow('"push"', 'echo "has ${KEY:-nothing}"', permissions=identity),
        "none": workflow('"push"', 'echo "has ${KEY:-nothing}"', permissions={}),
    }
    push(clone, "main", **files)
    push(clone, "sign/x")

    has = {(run.job, run.ref): "has the key" in logged(run) for run in runner.settle()}

    assert [which for which, key in has.items() if key] == [("good.yml/work", "refs/heads/main")]
    assert len(has) == 6


def test_jobs_inherit_nothing_of_this_process(
    clone: Clone, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_SECRET_OF_THE_DEVELOPER", "leaked")
    push(clone, "main", tiny=workflow('"push"', "env", "ls -A ~"))

    (run,) = runner.settle()

    assert "leaked" not in logged(run)
    assert f"HOME={runner.folder}/001-tiny.yml-main/work/home\n" in logged(run)
