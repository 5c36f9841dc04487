"""Pull requests of the emulated GitHub, as the real PyGithub sees them."""

from typing import Any

import pytest
from github import GithubException
from github.PullRequest import PullRequest
from tests.github.asking import Ask, open_pull, refusal
from tests.support.github import Hub, Protection, Repository, Ruleset


def test_opened_pull_request_is_read_back(ask: Ask) -> None:
    opened = open_pull(ask(), draft=True)
    found = ask("bob").get_pull(opened.number)

    assert (found.number, found.title, found.body, found.draft) == (1, "Sign a", "please", True)
    assert (found.state, found.merged, found.mergeable_state) == ("open", False, "draft")
    assert (found.head.ref, found.base.ref, found.user.login) == ("sign/a", "main", "alice")
    assert (found.head.sha, found.commits) == (ask().get_branch("sign/a").commit.sha, 1)


def test_pull_requests_are_listed_by_state_head_and_base(ask: Ask, hub: Hub) -> None:
    hub.push("octo/tuf", "sign/b", {"b": "b"}, login="octo", start="main")
    repository = ask()
    first = open_pull(repository)
    second = open_pull(repository, "sign/b", base="sign/a")
    first.edit(state="closed")

    def numbers(**filters: str) -> list[int]:
        return [pull.number for pull in repository.get_pulls(**filters)]

    assert numbers() == [second.number]
    assert numbers(state="all") == [second.number, first.number]
    assert numbers(state="all", direction="asc") == [first.number, second.number]
    assert numbers(state="closed", head="octo:sign/a") == [first.number]
    assert numbers(state="all", head="bob:sign/a") == []
    assert numbers(state="all", base="sign/a") == [second.number]


def test_long_lists_come_in_linked_pages(ask: Ask, hub: Hub) -> None:
    repository = ask()
    for number in range(7):
        hub.push("octo/tuf", f"sign/{number}", {"n": str(number)}, login="octo", start="main")
        open_pull(repository, f"sign/{number}")
    repository.requester.per_page = 3
    hub.requests.clear()

    assert [pull.number for pull in repository.get_pulls()] == [7, 6, 5, 4, 3, 2, 1]
    assert len(hub.requests) == 3


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({}, "A pull request already exists for octo:sign/a."),
        ({"head": "sign/none"}, "head invalid"),
        ({"head": "carol:sign/a"}, "head invalid"),
        ({"base": "none"}, "base invalid"),
        ({"head": "main"}, "No commits between main and main"),
        ({"head": "old"}, "No commits between main and old"),
    ],
)
def test_pull_request_that_makes_no_sense_is_refused(
    ask: Ask, hub: Hub, change: dict[str, Any], refused: str
) -> None:
    hub.push("octo/tuf", "old", {"x": "x"}, login="octo", start="main")
    hub.push("octo/tuf", "main", {"x": "x"}, login="octo")
    open_pull(ask())
    ask().get_git_ref("heads/old").edit(ask().get_branch("main").commit.parents[0].sha, force=True)

    with pytest.raises(GithubException) as error:
        open_pull(ask(), **change)

    assert refusal(error) == (422, f"Validation Failed {refused}")


def test_closed_pull_request_lets_another_be_opened(ask: Ask) -> None:
    open_pull(ask()).edit(state="closed")

    assert open_pull(ask()).number == 2


def test_title_body_and_base_are_changed(ask: Ask, hub: Hub) -> None:
    hub.push("octo/tuf", "other", {"o": "o"}, login="octo", start="main")
    open_pull(ask()).edit(title="new", body="text", base="other")

    found = ask().get_pull(1)
    assert (found.title, found.body, found.base.ref) == ("new", "text", "other")


def test_stranger_changes_only_what_is_his(ask: Ask) -> None:
    pull = open_pull(ask())

    with pytest.raises(GithubException) as error:
        ask("bob").get_pull(pull.number).edit(title="mine")

    assert error.value.status == 403


def merged(pull: PullRequest, **wish: Any) -> str:  # noqa: ANN401 - as `merge` takes it
    status = pull.merge(**wish)
    assert status.merged
    return status.sha


def test_merge_makes_a_real_merge_commit(ask: Ask) -> None:
    pull, old = open_pull(ask()), ask().get_branch("main").commit.sha
    sha = merged(pull, sha=pull.head.sha, commit_title="Merge a", commit_message="by vote")

    commit = ask().get_branch("main").commit
    assert (commit.sha, [each.sha for each in commit.parents]) == (sha, [old, pull.head.sha])
    assert commit.commit.message == "Merge a\n\nby vote"
    found = ask().get_pull(1)
    assert (found.merged, found.state, found.merge_commit_sha) == (True, "closed", sha)
    assert found.merged_by.login == "alice"
    assert found.is_merged()
    assert [each.number for each in ask().get_commit(sha).get_pulls()] == [1]


def test_merge_of_a_head_that_moved_is_refused(ask: Ask, hub: Hub) -> None:
    pull = open_pull(ask())
    hub.push("octo/tuf", "sign/a", {"more": "x"}, login="alice")

    with pytest.raises(GithubException) as error:
        pull.merge(sha=pull.head.sha)

    said = "Head branch was modified. Review and try the merge again."
    assert refusal(error) == (409, said)
    assert not ask().get_pull(1).merged


def test_conflict_is_shown_and_not_merged(ask: Ask, hub: Hub) -> None:
    pull = open_pull(ask())
    hub.push("octo/tuf", "main", {"metadata/root.json": "other\n"}, login="octo")

    with pytest.raises(GithubException) as error:
        pull.merge()

    found = ask().get_pull(1)
    assert refusal(error) == (405, "Pull Request is not mergeable")
    assert (found.mergeable, found.mergeable_state) == (False, "dirty")


def test_draft_is_not_merged(ask: Ask) -> None:
    with pytest.raises(GithubException) as error:
        open_pull(ask(), draft=True).merge()

    assert error.value.status == 405


EXPECTED = 'Required status check "signing-event" is expected.'
CHECKS = {"required_status_checks": [{"context": "signing-event"}]}
RULE = {"type": "required_status_checks", "parameters": CHECKS}


@pytest.mark.parametrize("by", ["protection", "ruleset"])
def test_merge_waits_for_the_required_status(ask: Ask, tuf: Repository, by: str) -> None:
    if by == "protection":
        tuf.protections["main"] = Protection(checks=("signing-event",), reviews=0)
    else:
        tuf.rulesets[1] = Ruleset(id=1, name="main", rules=(RULE,))
    pull = open_pull(ask())
    with pytest.raises(GithubException) as error:
        pull.merge()
    assert refusal(error) == (405, EXPECTED)
    assert ask().get_pull(1).mergeable_state == "blocked"

    ask().get_commit(pull.head.sha).create_status("success", context="signing-event")

    assert ask().get_pull(1).mergeable_state == "clean"
    merged(pull)


def test_branch_behind_its_base_is_not_merged_where_protection_is_strict(
    ask: Ask, hub: Hub, tuf: Repository
) -> None:
    tuf.protections["main"] = Protection(strict=True)
    pull = open_pull(ask())
    hub.push("octo/tuf", "main", {"x": "x"}, login="octo")

    with pytest.raises(GithubException) as error:
        pull.merge()

    assert error.value.status == 405


def test_admin_passes_protection_unless_it_includes_admins(ask: Ask, tuf: Repository) -> None:
    tuf.protections["main"] = Protection(checks=("signing-event",), enforce_admins=True)
    pull = open_pull(ask("octo"))
    with pytest.raises(GithubException) as error:
        pull.merge()
    assert error.value.status == 405

    tuf.protections["main"].enforce_admins = False
    merged(pull)


def test_only_named_pushers_merge(ask: Ask, tuf: Repository) -> None:
    tuf.protections["main"] = Protection(pushers=("octo",))

    with pytest.raises(GithubException) as error:
        open_pull(ask()).merge()

    assert refusal(error) == (405, "You're not authorized to push to this branch.")


def test_reviews_are_requested_of_collaborators(ask: Ask) -> None:
    pull = open_pull(ask())
    pull.create_review_request(reviewers=["bob", "octo"])
    pull.delete_review_request(reviewers=["octo"])

    assert [user.login for user in pull.get_review_requests()[0]] == ["bob"]
    assert [user.login for user in ask().get_pull(1).requested_reviewers] == ["bob"]


@pytest.mark.parametrize("reviewer", ["alice", "carol"])
def test_neither_author_nor_stranger_is_asked_for_review(ask: Ask, reviewer: str) -> None:
    with pytest.raises(GithubException) as error:
        open_pull(ask()).create_review_request(reviewers=[reviewer])

    assert error.value.status == 422


def test_fork_brings_a_pull_request_and_its_commits(ask: Ask, hub: Hub) -> None:
    hub.fork("octo/tuf", "carol")
    sha = hub.push("carol/tuf", "sign/a", {"metadata/root.json": "signed\n"}, login="carol")
    pull = open_pull(ask("carol"), "carol:sign/a")

    assert (pull.head.repo.full_name, pull.head.sha) == ("carol/tuf", sha)
    assert (pull.head.repo.fork, pull.user.login) == (True, "carol")
    assert hub.events[-1].actor == "carol"
    merged(ask().get_pull(pull.number))
    assert ask().get_commit(sha).commit.message == "change of carol"
    assert ask().get_pulls(state="all", head="carol:sign/a").totalCount == 1


def test_fork_that_is_behind_has_no_commits(ask: Ask, hub: Hub) -> None:
    hub.fork("octo/tuf", "carol")

    with pytest.raises(GithubException) as error:
        open_pull(ask("carol"), "carol:main")

    assert error.value.status == 422


def test_commits_of_a_pull_request_are_listed(ask: Ask, hub: Hub) -> None:
    pull = open_pull(ask())
    sha = hub.push("octo/tuf", "sign/a", {"more": "x"}, login="alice")

    assert [commit.sha for commit in pull.get_commits()] == [pull.head.sha, sha]
