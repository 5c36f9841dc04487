"""Attacks on the workflows: what a pushed branch, a name or a fork could make them do."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from github import GithubException
from tests.support.act import JobRun, Tools
from tests.workflows.attacked import NAME, SIGNING_EVENT, Attacked, attacked
from tests.workflows.conftest import ReportJobs

pytestmark = pytest.mark.no_cover  # the same code over very many cases

EVENT = "sign/change"
HAND_OVER = "signing-event.yml/hand-over"
REVIEW = "signing-event.yml/signing-event"
SHADOW = "signing-event.yml/shadow"
CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1"
UPLOAD = "actions/upload-pages-artifact@fc324d3547104276b827a68afc52ff2a11cc49c9"
DEPLOY = "actions/deploy-pages@cd2ce8fcbc39b97be8ca5fce6e763baed58fa128"
ALL = {"contents": "write", "id-token": "write", "pages": "write", "actions": "write"}
# In a script, the first would be run between no quotes and between double ones.
_TOUCH = "touch${IFS}$HARNESS_ARTIFACTS/done"
TRICKS = (f'$({_TOUCH})`{_TOUCH}`;{_TOUCH};"&&{_TOUCH}"', "${{github.token}}")


@pytest.fixture
def it(tools: Tools, tmp_path: Path, report_jobs: ReportJobs) -> Iterator[Attacked]:
    with attacked(tmp_path, tools) as made:
        yield made
    report_jobs(made.runner.runs)


def results(runs: list[JobRun] | tuple[JobRun, ...]) -> dict[str, str]:
    return {run.job: run.result for run in runs if run.result != "skipped"}


def with_own_workflow(*jobs: tuple[str, dict[str, object]]) -> dict[str, bytes]:
    """Return files in which the workflow for pushed events does something of the attacker's."""
    content = {"on": {"push": {"branches": ["sign/**"]}}, "jobs": dict(jobs)}
    return {SIGNING_EVENT: json.dumps(content).encode()}


def evil(*commands: str, **more: object) -> dict[str, object]:
    checkout = {"uses": CHECKOUT, "with": {"fetch-depth": 0}}
    steps = [checkout, *({"run": command} for command in commands)]
    return {"runs-on": "ubuntu-latest", "permissions": ALL, "steps": steps, **more}


def test_a_branchs_own_workflow_may_not_push_to_main(it: Attacked) -> None:
    mallory = it.clone("mallory")
    before = mallory.remote_head("main")
    job = evil("git push origin HEAD:refs/heads/main")

    mallory.push(EVENT, with_own_workflow(("evil", job)), onto="main")
    (run,) = it.runner.settle(failing=["signing-event.yml/evil"])

    assert run.log
    assert "GH006: Protected branch update failed" in run.log.read_text()
    assert mallory.remote_head("main") == before


def test_a_branchs_own_workflow_may_not_bring_another_to_any_branch(it: Attacked) -> None:
    mallory = it.clone("mallory")
    identity = "-c user.name=m -c user.email=m@example.org"
    job = evil(
        "mkdir -p .github/workflows && echo 'on: push' > .github/workflows/other.yml",
        f"git add . && git {identity} commit --quiet --message other",
        "git push origin HEAD:refs/heads/publish",
    )
    before = mallory.remote_head("publish")

    mallory.push(EVENT, with_own_workflow(("evil", job)), onto="main")
    (run,) = it.runner.settle(failing=["signing-event.yml/evil"])

    assert run.log
    assert "refusing to allow" in run.log.read_text()
    assert mallory.remote_head("publish") == before


def test_a_branchs_own_workflow_gets_no_online_key_and_deploys_nothing(it: Attacked) -> None:
    mallory = it.clone("mallory")
    key = evil('test -n "$CRYPTO_SIGNER_PATH_PREFIX"')
    steps = [
        {"uses": CHECKOUT},
        {"uses": UPLOAD, "with": {"path": "targets"}},
        {"uses": DEPLOY},
    ]
    pages = evil(steps=steps, environment="github-pages")
    jobs = (("key", key), ("pages", pages), ("no-environment", evil(steps=steps)))

    mallory.push(EVENT, with_own_workflow(*jobs), onto="main")
    runs = it.runner.settle(failing=[f"signing-event.yml/{name}" for name, _ in jobs])

    logs = {run.job: run.log for run in runs}
    assert logs["signing-event.yml/pages"] is None  # its environment takes jobs of `publish` only
    refused = logs["signing-event.yml/no-environment"]
    assert refused
    assert "id-token: write and the environment github-pages" in refused.read_text()
    assert not list((it.folder / "pages").iterdir())


@pytest.mark.parametrize("path", [".github/workflows/new.yml", "tufline.toml"])
def test_event_that_changes_workflows_or_settings_is_refused(it: Attacked, path: str) -> None:
    text = it.files.get(path, b"on: workflow_call\njobs: {}\n") + b"# a change\n"
    files = {path: text, "targets/file.txt": b"two\n"}

    it.clone("mallory").push(EVENT, files, onto="main")
    runs = it.runner.settle()

    assert results(tuple(runs)) == {HAND_OVER: "success", SHADOW: "success", REVIEW: "success"}
    with it.api("mallory") as repository:
        (pull,) = repository.get_pulls(state="open")
        assert pull.draft
        status = repository.get_commit(pull.head.sha).get_combined_status()
        assert status.state == "failure"
        with pytest.raises(GithubException):
            pull.merge()


@pytest.mark.parametrize("quote", ["", '"'])
def test_trick_works_on_a_script_that_would_run_a_name(quote: str, tmp_path: Path) -> None:
    script = f"echo {quote}sign/{TRICKS[0]}{quote}"
    environment = {"PATH": os.environ["PATH"], "HARNESS_ARTIFACTS": str(tmp_path)}
    subprocess.run(["bash", "-c", script], env=environment, check=False)  # what is left is nonsense
    assert (tmp_path / "done").exists()


@pytest.mark.parametrize("trick", TRICKS)
def test_name_of_a_branch_is_never_run(it: Attacked, trick: str) -> None:
    it.clone("mallory").push(f"sign/{trick}", {"targets/file.txt": b"two\n"}, onto="main")

    runs = it.runner.settle()

    assert results(tuple(runs)) == {HAND_OVER: "success", SHADOW: "success", REVIEW: "success"}
    assert not list(it.runner.folder.glob("*/artifacts/done"))
    assert "ghs_" not in "".join(str(issue) for issue in it.hub.repositories[NAME].issues.values())


@pytest.mark.parametrize("trick", [*TRICKS, "main", "--git-dir=/"])
def test_input_of_a_dispatch_is_never_run_and_names_events_only(it: Attacked, trick: str) -> None:
    mallory = it.clone("mallory")
    before = mallory.git("ls-remote", "origin")

    with it.api("mallory") as repository:
        workflow = repository.get_workflow("signing-event.yml")
        assert workflow.create_dispatch("main", {"event": trick})
    it.runner.settle(failing=[SHADOW, REVIEW])

    assert not list(it.runner.folder.glob("*/artifacts/done"))
    assert mallory.git("ls-remote", "origin") == before


def test_forks_pull_request_with_more_than_signatures_is_declined(it: Attacked) -> None:
    it.clone("mallory").push(EVENT, {"targets/file.txt": b"two\n"}, onto="main")
    it.runner.settle()
    fork = it.hub.fork(NAME, "eve")
    eve = it.clone("eve", fork.full_name)
    before = eve.remote_head(EVENT)
    eve.push(EVENT, {"targets/file.txt": b"evil\n"}, onto=EVENT)
    with it.api("eve") as repository:
        pull = repository.create_pull(base=EVENT, head=f"eve:{EVENT}", title="My signature")

    runs = it.runner.settle()

    assert results(tuple(runs))[REVIEW] == "success"
    assert it.clone("alice").remote_head(EVENT) == before
    comments = it.hub.repositories[NAME].issues[pull.number].comments
    assert len(comments) == 1
    assert it.hub.repositories[NAME].issues[pull.number].state == "open"


def test_workflows_of_a_fork_do_nothing(it: Attacked) -> None:
    fork = it.hub.fork(NAME, "eve")

    it.clone("eve", fork.full_name).push(EVENT, {"targets/file.txt": b"two\n"}, onto="main")
    runs = it.runner.tick(fork.full_name)

    assert runs
    assert results(tuple(runs)) == {}
