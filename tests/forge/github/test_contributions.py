"""Pull requests into an event: offered until they are answered, and answered once per head."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.github._state import Comment
from tests.support.on_github import BOT, NAME, OnGitHub, disturbed, on_github

from tufline.repository.forge import Contribution
from tufline.repository.forge.github._contributions import contributions, decline
from tufline.repository.forge.github._errors import PermissionMissing
from tufline.repository.history import Commit

EVENT = "sign/a"
FORK = "alice/tuf"


@pytest.fixture
def github(tmp_path: Path) -> Iterator[OnGitHub]:
    with on_github(tmp_path) as github:
        prepare(github)
        yield github


def prepare(github: OnGitHub) -> None:
    """Have an event, and a fork of the repository."""
    github.commit("main", {"file": "main"})
    github.commit(EVENT, {"file": "event"})
    github.hub.fork(NAME, "alice")


def offer(github: OnGitHub, branch: str = "mine", *, base: str = EVENT) -> Contribution:
    """Open a pull request from the fork."""
    head = github.commit(branch, {branch: "signature"}, repository=FORK)
    number = github.pull(branch, base=base, login="alice")
    return Contribution(number=number, ref=f"refs/pull/{number}/head", head=head, who="alice")


def said(github: OnGitHub, offered: Contribution) -> list[str]:
    return [each.body for each in github.repository.issues[offered.number].comments]


def test_event_without_pull_requests_into_it_has_none(github: OnGitHub) -> None:
    github.pull(EVENT)

    assert contributions(github.session(), EVENT) == ()


def test_open_pull_requests_into_the_event_are_offered_oldest_first(github: OnGitHub) -> None:
    first, second = offer(github, "one"), offer(github, "two")
    offer(github, "elsewhere", base="main")
    closed = offer(github, "closed")
    github.repository.issues[closed.number].state = "closed"

    assert contributions(github.session(), EVENT) == (first, second)


def test_branch_of_the_repository_itself_is_offered_too(github: OnGitHub) -> None:
    head = github.commit("helper", {"x": "y"})
    number = github.pull("helper", base=EVENT)

    (offered,) = contributions(github.session(), EVENT)
    assert (offered.number, offered.head, offered.who) == (number, head, "octo")


def test_declined_head_is_offered_no_more_and_the_next_one_is(github: OnGitHub) -> None:
    first = offer(github)
    decline(github.session(), first, "because")
    assert contributions(github.session(), EVENT) == ()

    head = github.commit("mine", {"more": "signatures"}, repository=FORK)
    (second,) = contributions(github.session(), EVENT)
    assert (second.number, second.head) == (first.number, head)


def test_declining_says_why_in_one_comment(github: OnGitHub) -> None:
    offered = offer(github)
    for _ in range(2):
        decline(github.session(), offered, "It *differs*.")

    assert said(github, offered) == [f"<!-- tufline: declined {offered.head} -->\nIt *differs*."]


def test_declining_again_for_the_same_reason_changes_nothing(github: OnGitHub) -> None:
    offered = offer(github)
    decline(github.session(), offered, "because")
    before = len(github.hub.requests)
    decline(github.session(), offered, "because")

    assert not any(request.mutating for request in github.hub.requests[before:])


def test_declining_a_later_head_edits_that_comment(github: OnGitHub) -> None:
    offer(github)
    github.commit("mine", {"more": "signatures"}, repository=FORK)
    (offered,) = contributions(github.session(), EVENT)
    for reason in ("first", "second"):
        decline(github.session(), offered, reason)

    assert said(github, offered) == [f"<!-- tufline: declined {offered.head} -->\nsecond"]


def test_marker_that_somebody_else_wrote_hides_nothing(github: OnGitHub) -> None:
    offered = offer(github)
    issue = github.api("alice").get_repo(NAME).get_issue(offered.number)
    issue.create_comment(f"<!-- tufline: declined {offered.head} -->\nnothing to see")

    assert contributions(github.session(), EVENT) == (offered,)


def test_comment_of_ours_about_something_else_is_left_alone(github: OnGitHub) -> None:
    offered = offer(github)
    other = "<!-- tufline: other -->\ntext"
    github.session().repository.get_issue(offered.number).create_comment(other)
    decline(github.session(), offered, "because")

    assert said(github, offered)[0] == other
    assert len(said(github, offered)) == 2


def test_comment_beyond_the_first_page_is_found(github: OnGitHub) -> None:
    offered = offer(github)
    comments = github.repository.issues[offered.number].comments
    for number in range(120):
        now = github.hub.now()
        comments.append(Comment(id=number, author="alice", body="x", created=now, updated=now))
    for _ in range(2):
        decline(github.session(), offered, "because")

    assert [each.author for each in comments[120:]] == [BOT]
    assert contributions(github.session(), EVENT) == ()


def test_reason_that_github_would_not_take_is_replaced(github: OnGitHub) -> None:
    offered = offer(github)
    decline(github.session(), offered, "x" * 70_000)

    (text,) = said(github, offered)
    assert text.endswith("\nThis was not taken. There is more to say about it than fits here.")


def test_account_that_is_gone_is_the_ghost(github: OnGitHub) -> None:
    offered = offer(github)
    github.repository.issues[offered.number].author = "gone"

    assert [each.who for each in contributions(github.session(), EVENT)] == ["ghost"]


def test_missing_permission_is_named(github: OnGitHub) -> None:
    offered = offer(github)
    session = github.session({"pull-requests": "read", "contents": "read"})
    with pytest.raises(PermissionMissing) as refused:
        decline(session, offered, "because")

    assert "pull-requests: write" in (refused.value.hint or "")


def test_declined_once_whatever_was_interrupted(tmp_path: Path) -> None:
    def with_offer(github: OnGitHub) -> None:
        prepare(github)
        offer(github)

    def job(github: OnGitHub) -> None:
        for each in contributions(github.session(), EVENT):
            decline(github.session(), each, "because")

    for github, what in disturbed(tmp_path, with_offer, job):
        pull = github.repository.issues[1].pull
        assert pull
        head = Commit(pull.head_sha)
        mine = Contribution(number=1, ref="refs/pull/1/head", head=head, who="alice")
        assert said(github, mine) == [f"<!-- tufline: declined {head} -->\nbecause"], what
        assert contributions(github.session(), EVENT) == (), what
