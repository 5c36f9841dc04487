"""`tufline ci watch` and `tufline ci record`: what they answer, and their exit codes."""

import json
from pathlib import Path

import pytest
from tests.commands.running import Terminal
from tests.history.helpers import git
from tests.jobs.arranging import EVENT, changed_artifact
from tests.support.on_github import NAME, on_github
from tests.support.pipeline import Pipeline
from tests.support.web_service import WebService, web_service

NOTIFY = b"""
[[notify.webhook]]
url-variable = "CHAT"

[watch]
heartbeat-variable = "BEAT"
"""


@pytest.fixture
def published(pipeline: Pipeline, tufline: Terminal, server: Path) -> Pipeline:
    """Return a pipeline that has published, and whose settings name a chat and a heartbeat."""
    pipeline.main.files["tufline.toml"] += NOTIFY
    pipeline.merge_by_force(pipeline.main)
    ran = tufline.at_now("ci", "tick", "-C", server, "--confirm-root", pipeline.confirmed)
    assert ran.code == 0
    return pipeline


def told(service: WebService) -> list[str]:
    return [json.loads(each.body)["text"] for each in service.received if each.method == "POST"]


@pytest.mark.usefixtures("published")
def test_watch_where_all_is_well_says_so_and_gives_its_sign_of_life(
    tufline: Terminal, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web_service() as service:
        monkeypatch.setenv("CHAT", service.url)
        monkeypatch.setenv("BEAT", f"{service.url}/beat")
        ran = tufline.at_now("ci", "watch", "-C", server)

    assert (ran.code, ran.answer) == (0, {"problems": {}, "unsent": []})
    assert [each.path for each in service.received] == ["/beat"]


@pytest.mark.usefixtures("published")
def test_watch_tells_of_a_problem_once_and_still_gives_its_sign_of_life(
    tufline: Terminal, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web_service() as service:
        monkeypatch.setenv("CHAT", service.url)
        monkeypatch.setenv("BEAT", f"{service.url}/beat")
        command = ("ci", "watch", "-C", server, "--ahead", "30")
        first, ran = (tufline.at_now(*command) for _ in range(2))

    found = {"published-repository": "clients will fail in 30 days"}
    assert (ran.code, ran.answer) == (0, {"problems": found, "unsent": []})
    assert ran == first
    (message,) = told(service)
    assert message.startswith("```\n[tufline] clients will fail in 30 days\n")
    assert [each.path for each in service.received].count("/beat") == 2
    assert (server / "tufline/problems/published-repository.json").is_file()


@pytest.mark.usefixtures("published")
def test_watch_that_could_not_tell_somebody_fails_without_a_sign_of_life(
    tufline: Terminal, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHAT", raising=False)
    with web_service() as service:
        monkeypatch.setenv("BEAT", f"{service.url}/beat")
        ran = tufline.at_now("ci", "watch", "-C", server, "--ahead", "30")

    assert ran.code == 1
    assert ran.answer["unsent"] == ["webhook CHAT: the environment variable CHAT is not set"]
    assert ran.answer["problems"] == {"published-repository": "clients will fail in 30 days"}
    assert service.received == []
    assert (server / "tufline/problems/published-repository.json").is_file()


def test_watch_on_github_looks_at_the_workflows_too_and_opens_an_issue(
    tufline: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    permissions = {"actions": "read", "contents": "read", "issues": "write"}
    with on_github(tmp_path / "hub") as github, web_service() as service:
        workflow = {".github/workflows/online-sign.yml": "on: push\n"}
        github.commit("main", {**workflow, "tufline.toml": NOTIFY})
        github.hub.add_run(NAME, "online-sign.yml", event="schedule", conclusion="failure")
        token = github.hub.token("octo", repository=NAME, permissions=permissions, kind="actions")
        variables = {
            "TUFLINE_FORGE": "github",
            **github.environment(token),
            "CHAT": service.url,
            "BEAT": service.url,
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "--quiet", str(github.repository.git_dir), str(clone))
        git(clone, "remote", "set-url", "origin", f"{github.hub.url}/{NAME}")
        ran = tufline.at_now("ci", "watch", "-C", clone)
        issues = [each.title for each in github.api("octo").get_repo(NAME).get_issues()]

    assert ran.code == 0
    assert ran.answer["problems"]["online-sign"] == "online-sign failed"
    assert any(f"[{NAME}] online-sign failed" in message for message in told(service))
    assert len(issues) == 1
    assert "online-sign" in issues[0]


def test_record_answers_the_merges_that_it_recorded(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    pipeline.push(EVENT, changed_artifact(pipeline.main))
    assert tufline.at_now("merge", EVENT, "-C", server).code == 0
    merged = pipeline.head("main")

    first, second = (tufline.at_now("ci", "record", "-C", server) for _ in range(2))

    assert (first.code, first.answer) == (0, {"recorded": [merged]})
    assert (second.code, second.answer) == (0, {"recorded": []})
    shown = git(server, "show", f"records:events/{merged}.intoto.json")
    assert json.loads(shown)["predicate"]["review"]["verdict"] == "ready"


def test_record_names_a_merge_that_git_s_own_button_made(
    tufline: Terminal, pipeline: Pipeline, server: Path, tmp_path: Path
) -> None:
    pipeline.push(EVENT, changed_artifact(pipeline.main))
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", server, clone)
    git(clone, "merge", "--no-ff", "-m", "Merge pull request #7", f"origin/{EVENT}")
    git(clone, "push", "--quiet", "origin", "HEAD:main")

    ran = tufline.at_now("ci", "record", "-C", server)

    assert ran.answer == {"recorded": [pipeline.head("main")]}
    assert "events/" in git(server, "ls-tree", "-r", "--name-only", "records")
