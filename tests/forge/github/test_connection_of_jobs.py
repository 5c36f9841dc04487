"""A job on GitHub from the command line: a clone, a workflow's environment, nothing else."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.support.on_github import BOT, GRANTED, NAME, OnGitHub
from tests.support.sample import NOW, Sample

from tufline.repository.commands.ci_signing_event import command
from tufline.repository.forge.github import NotConnected


@pytest.fixture
def clone(github: OnGitHub, tmp_path: Path) -> Path:
    """Return a clone of a repository with the event sign/a, which changes a file of nobody's."""
    github.commit("main", Sample().files)
    github.commit("sign/a", {"notes.txt": "hello"})
    folder = tmp_path / "clone"
    url = f"{github.hub.url}/{NAME}.git"
    subprocess.run(["git", "clone", "--quiet", url, str(folder)], check=True)
    return folder


def arguments(clone: Path, event: str = "sign/a") -> list[str]:
    return [event, "-C", str(clone), "--now", NOW.isoformat()]


def test_signing_event_is_shown_on_github(
    github: OnGitHub, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = github.hub.token("octo", repository=NAME, permissions=GRANTED, kind="actions")
    environment = {"TUFLINE_FORGE": "github", **github.environment(token)}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(command, arguments(clone), catch_exceptions=False)

    assert json.loads(result.stdout)["verdict"] == "refused"
    (issue,) = github.repository.issues.values()
    assert (issue.title, issue.author) == ("Signing event sign/a", BOT)
    assert "notes.txt" in issue.comments[-1].body
    assert [each.state for each in github.repository.statuses] == ["failure"]


def test_job_without_the_environment_of_a_workflow_says_what_is_missing(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GITHUB_REPOSITORY", "GITHUB_API_URL", "GITHUB_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(NotConnected, match="GITHUB_REPOSITORY and GITHUB_API_URL and GITHUB_SERV"):
        CliRunner().invoke(
            command, [*arguments(clone), "--forge", "github"], catch_exceptions=False
        )
