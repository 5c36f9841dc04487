"""tufline init --check: a clone and the repository on an emulated GitHub."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.commands.running import Terminal
from tests.support.on_github import NAME, OnGitHub, on_github
from tests.workflows.linting import PIN

PUBLISH = ".github/workflows/publish.yml"


@pytest.fixture
def clone(tmp_path: Path, tufline: Terminal) -> Path:
    """Return a folder as `tufline init` wrote it."""
    folder = tmp_path / "clone"
    pinned = ("--actions", f"{PIN.repository}@{PIN.commit}")
    assert tufline("init", folder, "--name", NAME, "--maintainers", "@octo", *pinned).code == 0
    return folder


@pytest.fixture
def github(tmp_path: Path, clone: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OnGitHub]:
    """Return GitHub with that folder on main, and somebody's environment for it."""
    with on_github(tmp_path) as github:
        files = {path: (clone / path).read_bytes() for path in workflows(clone)}
        github.commit("main", files)
        monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
        monkeypatch.setenv("GITHUB_API_URL", github.hub.api_url)
        monkeypatch.setenv("GITHUB_SERVER_URL", github.hub.url)
        monkeypatch.setenv("GITHUB_TOKEN", github.hub.token("octo"))
        yield github


def workflows(clone: Path) -> list[str]:
    return [f".github/workflows/{path.name}" for path in (clone / ".github/workflows").iterdir()]


def test_all_that_is_not_fine_says_why_and_where(
    github: OnGitHub, clone: Path, tufline: Terminal
) -> None:
    ran = tufline("init", clone, "--check", "--name", NAME)

    assert ran.code == 1
    assert "fine     main is the default branch\n" in ran.out
    assert f"fine     {PUBLISH} in this folder is as `tufline init` writes it\n" in ran.out
    assert f"fine     {PUBLISH} is as `tufline init` writes it\n" in ran.out
    assert "missing  Pages are off\n         why: " in ran.out
    assert f"         set: {github.hub.url}/{NAME}/settings/pages: Source, " in ran.out


@pytest.mark.usefixtures("github")
def test_answer_for_programs_holds_the_same(clone: Path, tufline: Terminal) -> None:
    shown = tufline("init", clone, "--check", "--name", NAME).out.splitlines()

    remarks = json.loads(tufline("init", clone, "--check", "--name", NAME, "--json").out)

    lines = [f"{each['severity']:8} {each['what']}" for each in remarks]
    assert lines == [line for line in shown if not line.startswith("   ")]
    assert {each["severity"] for each in remarks} >= {"fine", "missing", "unsafe"}


def test_workflow_that_differs_is_unsafe_here_or_there(
    github: OnGitHub, clone: Path, tufline: Terminal
) -> None:
    changed = (clone / PUBLISH).read_text().replace("contents: read", "contents: write")
    github.commit("main", {PUBLISH: changed})

    there = tufline("init", clone, "--check", "--name", NAME).out
    (clone / PUBLISH).write_text(changed)
    here = tufline("init", clone, "--check", "--name", NAME).out

    assert f"unsafe   {PUBLISH} differs from what `tufline init` writes\n" in there
    assert f"fine     {PUBLISH} in this folder is as" in there
    assert f"unsafe   {PUBLISH} in this folder differs" in here


def test_pin_schedule_and_log_in_of_ones_own_are_as_they_should_be(
    github: OnGitHub, clone: Path, tufline: Terminal
) -> None:
    path = ".github/workflows/online-sign.yml"
    text = (clone / path).read_text().replace("23 1,7,13,19 * * *", "1 * * * *")
    last = "          confirm-root: ${{ inputs.confirm-root }}\n"
    log_in = '          aws-region: "eu-1"\n          aws-role-to-assume: "role"\n'
    own = text.replace(last, last + log_in)
    (clone / path).write_text(own)
    github.commit("main", {path: own})

    ran = tufline("init", clone, "--check", "--name", NAME)

    assert f"fine     {path} in this folder" in ran.out
    assert f"fine     {path} is as" in ran.out
