"""What GitHub knows of a merged event, and that nothing else is taken for it."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest
from tests.support.github._objects import branch_sha
from tests.support.on_github import NAME, OnGitHub, on_github

from tufline.repository.forge import ProposalFacts
from tufline.repository.forge.github._errors import PermissionMissing
from tufline.repository.forge.github._facts import facts
from tufline.repository.forge.github._merging import merge
from tufline.repository.history import Commit


@pytest.fixture
def github(tmp_path: Path) -> Iterator[OnGitHub]:
    with on_github(tmp_path) as github:
        github.commit("main", {"file": "main"})
        yield github


def merged(
    github: OnGitHub, branch: str, *, title: str = "A title", body: str = "A text"
) -> Commit:
    """Merge a branch by its pull request, by hand, and return main's commit."""
    github.commit(branch, {branch: "content"})
    number = github.pull(branch, title=title, body=body)
    github.api("octo").get_repo(NAME).get_pull(number).merge()
    return Commit(branch_sha(github.repository.git_dir, "main") or "")


def test_facts_are_those_of_the_pull_request(github: OnGitHub) -> None:
    found = facts(github.session(), merged(github, "sign/a", title="Ä *title*", body="Why"))

    issue = github.repository.issues[1]
    assert issue.pull
    assert found == ProposalFacts(
        url=f"{github.hub.url}/{NAME}/pull/1",
        title="Ä *title*",
        text="Why",
        opened=issue.created.astimezone(UTC),
        merged=issue.pull.merged,
        merged_by="octo",
    )


def test_pull_request_without_a_text_has_none(github: OnGitHub) -> None:
    commit = merged(github, "sign/a")
    github.repository.issues[1].body = None

    assert facts(github.session(), commit).text is None


def test_event_that_a_job_merged_was_merged_by_the_bot(github: OnGitHub) -> None:
    head = github.commit("sign/a", {"file": "event"})
    github.pull("sign/a")
    commit = merge(github.session(), "sign/a", head=head, message="Merge")

    assert facts(github.session(), commit).merged_by == "github-actions[bot]"


def test_commit_that_was_pushed_has_no_facts(github: OnGitHub) -> None:
    commit = github.commit("main", {"other": "file"})

    assert facts(github.session(), commit) == ProposalFacts()


def test_commit_that_github_does_not_have_has_no_facts(github: OnGitHub) -> None:
    assert facts(github.session(), Commit("1" * 40)) == ProposalFacts()


def test_pull_request_of_another_branch_is_no_event(github: OnGitHub) -> None:
    assert facts(github.session(), merged(github, "feature")) == ProposalFacts()


def test_pull_request_of_a_fork_is_no_event(github: OnGitHub) -> None:
    github.hub.fork(NAME, "alice")
    github.commit("sign/a", {"file": "fork"}, repository="alice/tuf")
    number = github.pull("sign/a", login="alice")
    github.api("octo").get_repo(NAME).get_pull(number).merge()
    commit = Commit(branch_sha(github.repository.git_dir, "main") or "")

    assert facts(github.session(), commit) == ProposalFacts()


def test_open_pull_request_that_holds_the_commit_is_not_taken(github: OnGitHub) -> None:
    commit = merged(github, "sign/a")
    github.commit("sign/b", {"other": "file"})
    github.pull("sign/b", title="Another")
    pull = github.repository.issues[2].pull
    assert pull
    pull.merge_commit = commit  # what GitHub would merge: it names a commit for open ones, too

    assert facts(github.session(), commit).title == "A title"


def test_event_that_took_in_the_commit_is_not_the_one_it_merged(github: OnGitHub) -> None:
    github.commit("sign/b", {"b": "b"})
    number = github.pull("sign/b", title="Took it in")
    commit = merged(github, "sign/a")
    github.commit("sign/b", {"b": "b"}, onto=commit)
    github.api("octo").get_repo(NAME).get_pull(number).merge()

    assert facts(github.session(), commit).title == "A title"


def test_missing_permission_is_named(github: OnGitHub) -> None:
    commit = merged(github, "sign/a")
    with pytest.raises(PermissionMissing) as refused:
        facts(github.session({"issues": "read"}), commit)

    assert "pull-requests: read" in (refused.value.hint or "")
