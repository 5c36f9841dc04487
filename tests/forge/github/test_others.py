"""Pull requests to main that are no signing events: found, judged and shown on GitHub."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from github import GithubException
from tests.attacks.github import (
    EVENT,
    World,
    changed_artifact,
    tuf_on_github,
    unsigned_change,
)
from tests.support.github._state import Protection, Status
from tests.support.on_github import BOT, GRANTED, NAME, OnGitHub, disturbed, on_github
from tests.workflows.linting import example

from tufline.repository.forge import Contribution
from tufline.repository.forge.github._errors import GitHubFailed, PermissionMissing
from tufline.repository.forge.github._others import clear, others
from tufline.repository.history import Commit
from tufline.repository.init import render
from tufline.repository.jobs.other_changes import ALLOWED, REFUSED
from tufline.repository.jobs.signing_events import signing_events

_URL: Final = f"{NAME}/pull/1"


@pytest.fixture
def github(tmp_path: Path) -> Iterator[OnGitHub]:
    with on_github(tmp_path) as github:
        prepare(github)
        yield github


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with tuf_on_github(tmp_path) as world:
        world.github.hub.fork(NAME, "eve")
        yield world


def prepare(github: OnGitHub) -> None:
    """Have something on main, and a fork of the repository."""
    github.commit("main", {"file": "main"})
    github.hub.fork(NAME, "eve")


def propose(
    github: OnGitHub, branch: str = "mine", *, login: str = "eve", base: str = "main"
) -> Contribution:
    """Open a pull request from a fork, or with `octo` from the repository itself."""
    head = github.commit(branch, {branch: "content"}, repository=f"{login}/tuf")
    number = github.pull(branch, base=base, login=login)
    return Contribution(number=number, ref=f"refs/pull/{number}/head", head=head, who=login)


def said(github: OnGitHub, head: str) -> list[tuple[str, str | None]]:
    """Return what was said of a commit, in order."""
    found = (each for each in github.repository.statuses if each.sha == head)
    return [(each.state, each.description) for each in found if each.context == "signing-event"]


# which there are


def test_branches_of_other_names_and_forks_are_others_whatever_these_are_called(
    github: OnGitHub,
) -> None:
    found = [
        propose(github, "settings", login="octo"),
        propose(github, "mine"),
        propose(github, "sign/x"),
    ]
    propose(github, "sign/event", login="octo")
    propose(github, "signature", base="sign/event")
    closed = propose(github, "closed")
    github.repository.issues[closed.number].state = "closed"

    assert others(github.session()) == (*reversed(found),)


def test_the_newest_hundred_are_looked_at(github: OnGitHub) -> None:
    proposals = [propose(github, f"branch-{number}") for number in range(102)]

    assert others(github.session()) == tuple(reversed(proposals))[:100]


# what is said of them


@pytest.mark.parametrize(
    ("allowed", "state"), [(True, "success"), (False, "failure")], ids=["allowed", "refused"]
)
def test_status_is_set_once_on_the_head_and_links_to_the_pull_request(
    github: OnGitHub, *, allowed: bool, state: str
) -> None:
    proposal = propose(github)
    for _ in range(2):
        clear(github.session(), proposal, allowed=allowed, summary="the reason")

    (status,) = github.repository.statuses
    assert (status.sha, status.context, status.creator) == (proposal.head, "signing-event", BOT)
    assert (status.state, status.description) == (state, "the reason")
    assert status.target_url == f"{github.hub.url}/{_URL}"


def test_status_that_somebody_else_set_is_replaced(github: OnGitHub) -> None:
    proposal = propose(github)
    commit = github.api("octo").get_repo(NAME).get_commit(proposal.head)
    clear(github.session(), proposal, allowed=False, summary="no")
    commit.create_status("success", description="fine", context="signing-event")
    clear(github.session(), proposal, allowed=False, summary="no")

    assert said(github, proposal.head) == [
        ("failure", "no"),
        ("success", "fine"),
        ("failure", "no"),
    ]


def test_summary_is_one_visible_line_that_github_takes(github: OnGitHub) -> None:
    proposal = propose(github)
    clear(github.session(), proposal, allowed=False, summary="a\n\u202e" + "x" * 200)

    ((_, text),) = said(github, proposal.head)
    assert text is not None
    assert text.isprintable()
    assert len(text) == 140


def test_missing_permission_is_named(github: OnGitHub) -> None:
    proposal = propose(github)
    session = github.session({**GRANTED, "statuses": "read"})
    with pytest.raises(PermissionMissing) as refused:
        clear(session, proposal, allowed=True, summary="yes")

    assert "statuses: write" in (refused.value.hint or "")


def test_commit_that_takes_no_more_statuses_is_an_error_that_says_so(github: OnGitHub) -> None:
    proposal = propose(github)
    now = github.hub.now()
    full = Status(
        id=1,
        sha=proposal.head,
        context="signing-event",
        state="pending",
        description=None,
        target_url=None,
        creator=BOT,
        created=now,
    )
    github.repository.statuses += [full] * 1000

    with pytest.raises(GitHubFailed, match="maximum number of statuses"):
        clear(github.session(), proposal, allowed=True, summary="yes")


def test_said_once_whatever_was_interrupted(tmp_path: Path) -> None:
    def with_proposal(github: OnGitHub) -> None:
        prepare(github)
        propose(github)

    def job(github: OnGitHub) -> None:
        for each in others(github.session()):
            clear(github.session(), each, allowed=True, summary="yes")

    for github, what in disturbed(tmp_path, with_proposal, job):
        assert [each.state for each in github.repository.statuses] == ["success"], what


# how the job judges them


def offer(
    world: World, branch: str, files: Mapping[str, bytes | None], *, login: str = "eve"
) -> tuple[int, Commit]:
    """Propose the files to main by a pull request; return its number and its head."""
    home = f"{login}/tuf"
    head = world.push(branch, files, repository=home, login=login)
    return world.github.pull(branch, login=login), head


def run(world: World) -> dict[str, str | None]:
    return world.run(
        lambda place: {each.job: each.problem or each.said for each in signing_events(place)}
    )


def test_settings_and_workflows_may_be_merged_and_metadata_of_a_fork_may_not(
    world: World,
) -> None:
    heads = [
        offer(world, "settings", {"tufline.toml": b"[merge]\n"}, login="octo")[1],
        offer(world, "bump", {".github/workflows/publish.yml": b"on: push\n"})[1],
        offer(world, "sign/x", changed_artifact(world.main).files)[1],
        offer(world, "mixed", {"README.md": b"new\n", "metadata/x.json": b"{}"})[1],
    ]

    assert run(world)["other-changes"] == "2 of 4 may be merged"
    assert [said(world.github, head) for head in heads] == [
        [("success", ALLOWED)],
        [("success", ALLOWED)],
        [("failure", REFUSED)],
        [("failure", REFUSED)],
    ]
    run(world)
    assert len(world.github.repository.statuses) == len(heads)


def test_protected_main_takes_what_may_be_merged_and_nothing_else(world: World) -> None:
    good, _ = offer(world, "good", {"README.md": b"new\n"})
    bad, _ = offer(world, "bad", {"targets/file.txt": b"new\n"})
    repository = world.github.api("alice").get_repo(NAME)  # administrators are not bound
    for number in (good, bad):
        with pytest.raises(GithubException):
            repository.get_pull(number).merge()

    run(world)

    with pytest.raises(GithubException):
        repository.get_pull(bad).merge()
    assert repository.get_pull(good).merge().merged


def test_attack_commit_of_an_event_is_not_cleared_as_a_pull_request_of_a_fork(
    world: World,
) -> None:
    world.push(EVENT, unsigned_change(world.main).files)
    world.push("sign/workflow", {".github/workflows/publish.yml": b"on: push\n"})
    run(world)
    states = [world.state(EVENT), world.state("sign/workflow")]
    world.github.hub.fork(NAME, "mallory")
    for branch in (EVENT, "sign/workflow"):
        world.github.pull(branch, login="mallory")

    run(world)

    assert [world.state(EVENT), world.state("sign/workflow")] == states == ["pending", "failure"]


def test_code_owners_keep_all_that_nobody_signs_from_whoever_may_push_but_no_events(
    world: World,
) -> None:
    world.push("main", {".github/CODEOWNERS": render(example())[".github/CODEOWNERS"]})
    world.github.repository.protections["main"] = Protection(
        checks=("signing-event",), reviews=0, code_owners=True
    )
    workflow, _ = offer(world, "bump", {".github/workflows/publish.yml": b"on: push\n"})
    module, _ = offer(world, "module", {"venv.py": b"import os\n"})
    world.push(EVENT, changed_artifact(world.main).files)
    run(world)
    repository = world.github.api("alice").get_repo(NAME)

    for number in (workflow, module):
        with pytest.raises(GithubException, match="approving review"):
            repository.get_pull(number).merge()
    assert repository.get_pull(world.pull().number).merge().merged
