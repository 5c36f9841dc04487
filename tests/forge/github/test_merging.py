"""Merging an event on GitHub: just the head that was judged, once, and only if GitHub agrees."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.github import Fault, Kind, Protection
from tests.support.github._objects import branch_sha, git
from tests.support.on_github import IMPATIENT, NAME, OnGitHub, disturbed, on_github

from tufline.repository.forge import MergeRefused
from tufline.repository.forge.github._errors import OutcomeUnknown, PermissionMissing, RateLimited
from tufline.repository.forge.github._merging import merge
from tufline.repository.history import Commit, Moved

EVENT = "sign/a"
MESSAGE = "Merge signing event sign/a\n\nwith a text\n"
NOWHERE = Commit("1" * 40)


@pytest.fixture
def github(tmp_path: Path) -> Iterator[OnGitHub]:
    with on_github(tmp_path) as github:
        github.commit("main", {"file": "main"})
        yield github


def propose(github: OnGitHub, event: str = EVENT) -> Commit:
    """Commit to an event, open its pull request, and return the head."""
    head = github.commit(event, {event: "event"})
    github.pull(event)
    return head


def main_of(github: OnGitHub) -> str | None:
    return branch_sha(github.repository.git_dir, "main")


def test_event_is_merged_by_a_merge_commit_with_our_message(github: OnGitHub) -> None:
    main = main_of(github)
    head = propose(github)
    merged = merge(github.session(), EVENT, head=head, message=MESSAGE)

    shown = git(github.repository.git_dir, "show", "--no-patch", "--format=%P%n%B", merged)
    assert main_of(github) == merged
    assert shown == f"{main} {head}\nMerge signing event sign/a\n\nwith a text"


def test_message_of_one_line_does_not_bring_the_pull_requests_own_words(github: OnGitHub) -> None:
    head = propose(github)
    merged = merge(github.session(), EVENT, head=head, message="Merge it")

    assert git(github.repository.git_dir, "show", "--no-patch", "--format=%B", merged) == "Merge it"


def test_event_that_is_merged_already_gives_the_same_commit(github: OnGitHub) -> None:
    head = propose(github)
    merged = merge(github.session(), EVENT, head=head, message=MESSAGE)
    github.commit("main", {"later": "commit"})

    assert merge(github.session(), EVENT, head=head, message=MESSAGE) == merged


def test_event_with_the_name_of_one_that_was_merged_is_another_one(github: OnGitHub) -> None:
    merged = merge(github.session(), EVENT, head=propose(github), message=MESSAGE)
    head = github.commit(EVENT, {"second": "event"})
    github.pull(EVENT)

    assert merge(github.session(), EVENT, head=head, message=MESSAGE) not in {merged, None}


def test_event_that_was_merged_at_another_head_is_not_merged(github: OnGitHub) -> None:
    merge(github.session(), EVENT, head=propose(github), message=MESSAGE)
    head = github.commit(EVENT, {"more": "content"})
    with pytest.raises(MergeRefused, match="it has no open pull request"):
        merge(github.session(), EVENT, head=head, message=MESSAGE)


def test_event_elsewhere_has_moved(github: OnGitHub) -> None:
    propose(github)
    with pytest.raises(Moved):
        merge(github.session(), EVENT, head=NOWHERE, message=MESSAGE)


def test_event_that_moves_meanwhile_has_moved(github: OnGitHub) -> None:
    head = propose(github)
    github.hub.faults.add(Fault(method="PUT", path="/merge", kind=409))
    main = main_of(github)
    with pytest.raises(Moved):
        merge(github.session(), EVENT, head=head, message=MESSAGE)

    assert main_of(github) == main


def test_draft_is_not_merged(github: OnGitHub) -> None:
    head = github.commit(EVENT, {"file": "event"})
    github.pull(EVENT, draft=True)
    with pytest.raises(MergeRefused, match="does not merge sign/a: its pull request is a draft"):
        merge(github.session(), EVENT, head=head, message=MESSAGE)


def test_event_without_a_pull_request_is_not_merged(github: OnGitHub) -> None:
    head = github.commit(EVENT, {"file": "event"})
    with pytest.raises(MergeRefused, match="it has no open pull request"):
        merge(github.session(), EVENT, head=head, message=MESSAGE)


def test_pull_request_of_a_forks_branch_of_that_name_is_not_the_events(github: OnGitHub) -> None:
    github.hub.fork(NAME, "mallory")
    head = github.commit(EVENT, {"file": "bad"}, repository="mallory/tuf")
    github.pull(EVENT, login="mallory")
    with pytest.raises(MergeRefused, match="it has no open pull request"):
        merge(github.session(), EVENT, head=head, message=MESSAGE)


def test_pull_request_of_a_fork_of_the_same_owner_is_not_the_events(github: OnGitHub) -> None:
    head = propose(github)
    pull = github.repository.issues[1].pull
    fork = github.hub.add_repository("octo/fork")
    assert pull
    pull.head_repository = fork.full_name
    with pytest.raises(MergeRefused, match="it has no open pull request"):
        merge(github.session(), EVENT, head=head, message=MESSAGE)


def test_branch_protection_refuses_with_its_reason(github: OnGitHub) -> None:
    head = propose(github)
    github.repository.protections["main"] = Protection(checks=("signing-event",))
    with pytest.raises(MergeRefused) as refused:
        merge(github.session(), EVENT, head=head, message=MESSAGE)

    assert str(refused.value) == (
        'the forge does not merge sign/a: Required status check "signing-event" is expected.'
    )


def test_repository_without_merge_commits_refuses(github: OnGitHub) -> None:
    head = propose(github)
    github.repository.allow_merge_commit = False
    with pytest.raises(MergeRefused, match="Merge merges are not allowed on this repository"):
        merge(github.session(), EVENT, head=head, message=MESSAGE)


def test_event_that_conflicts_is_refused(github: OnGitHub) -> None:
    head = github.commit(EVENT, {"file": "event"})
    github.pull(EVENT)
    github.commit("main", {"file": "other"})
    with pytest.raises(MergeRefused, match="not mergeable"):
        merge(github.session(), EVENT, head=head, message=MESSAGE)


def test_missing_permission_is_named(github: OnGitHub) -> None:
    head = propose(github)
    session = github.session({"contents": "read", "pull-requests": "write"})
    with pytest.raises(PermissionMissing) as refused:
        merge(session, EVENT, head=head, message=MESSAGE)

    assert "contents: write" in (refused.value.hint or "")


def test_limit_is_no_refusal(github: OnGitHub) -> None:
    head = propose(github)
    github.hub.faults.add(Fault(method="PUT", path="/merge", kind=Kind.PRIMARY_LIMIT))
    with pytest.raises(RateLimited):
        merge(
            github.session(patience=replace(IMPATIENT, attempts=1)),
            EVENT,
            head=head,
            message=MESSAGE,
        )


def test_answer_that_was_lost_is_found_again(github: OnGitHub) -> None:
    head = propose(github)
    github.hub.faults.add(Fault(method="PUT", path="/merge", kind=Kind.BREAK_AFTER))
    with pytest.raises(OutcomeUnknown):
        merge(github.session(), EVENT, head=head, message=MESSAGE)

    assert merge(github.session(), EVENT, head=head, message=MESSAGE) == main_of(github)


def test_request_that_is_sent_again_by_itself_finds_its_own_merge(github: OnGitHub) -> None:
    head = propose(github)
    github.hub.faults.add(Fault(method="PUT", path="/merge", kind=Kind.BREAK_AFTER))
    session = github.session(patience=replace(IMPATIENT, attempts=2))

    assert merge(session, EVENT, head=head, message=MESSAGE) == main_of(github)


def test_merged_once_whatever_was_interrupted(tmp_path: Path) -> None:
    def prepare(github: OnGitHub) -> None:
        github.commit("main", {"file": "main"})
        propose(github)

    def job(github: OnGitHub) -> None:
        pull = github.repository.issues[1].pull
        assert pull
        head = Commit(pull.head_sha)
        assert merge(github.session(), EVENT, head=head, message=MESSAGE) == main_of(github)

    for github, what in disturbed(tmp_path, prepare, job):
        commits = git(github.repository.git_dir, "rev-list", "--count", "main")
        assert commits == "3", what
