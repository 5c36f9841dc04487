"""Signing events on GitHub: pull requests, comments, labels and statuses, over the real wire."""

from dataclasses import replace

import pytest
from tests.support.events_on_github import ANN, BO, event, ready, waiting_event
from tests.support.github import Fault
from tests.support.github._state import Issue
from tests.support.on_github import BOT, GRANTED, OnGitHub

from tufline.repository.forge import Act, Ask, EventStatus
from tufline.repository.forge.github import GitHubForge
from tufline.repository.forge.github._errors import NotThere, PermissionMissing
from tufline.repository.history import Commit


@pytest.fixture
def waiting(github: OnGitHub) -> EventStatus:
    return waiting_event(github)


def bodies(issue: Issue) -> list[str]:
    """Return what is visible of the comments."""
    return [each.body.partition("\n<!--")[0] for each in issue.comments]


def test_event_becomes_a_draft_with_all_that_people_need(
    github: OnGitHub, waiting: EventStatus
) -> None:
    GitHubForge(github.session()).show(waiting)

    issue, pull = event(github)
    assert (issue.title, issue.author, issue.state) == ("Signing event sign/a", BOT, "open")
    assert (pull.head, pull.base, pull.draft, pull.reviewers) == ("sign/a", "main", True, ["ann"])
    assert issue.labels == ["signing-event: waiting"]
    assert github.repository.labels["signing-event: waiting"].color == "fbca04"
    telling, report = bodies(issue)
    assert telling.startswith("@ann: please sign `root`\n")
    assert report == "**waiting** for `@ann`\n"
    (status,) = github.repository.statuses
    assert (status.sha, status.context, status.state, status.description, status.target_url) == (
        waiting.head,
        "signing-event",
        "pending",
        "waiting for @ann",
        f"{github.hub.url}/octo/tuf/pull/1",
    )


def test_event_that_becomes_ready_is_edited_in_place(
    github: OnGitHub, waiting: EventStatus
) -> None:
    forge = GitHubForge(github.session())
    for status in (waiting, ready(waiting)):
        forge.show(status)

    issue, pull = event(github)
    assert not pull.draft
    assert bodies(issue)[1:] == ["**ready**\n"]
    assert issue.labels == ["signing-event: ready"]
    assert [each.state for each in github.repository.statuses] == ["pending", "success"]


def test_showing_the_same_again_asks_once_and_changes_nothing(
    github: OnGitHub, waiting: EventStatus
) -> None:
    forge = GitHubForge(github.session())
    forge.show(waiting)
    before = len(github.hub.requests)
    forge.show(waiting)

    assert [each.mutating for each in github.hub.requests[before:]] == [False]


def test_who_is_no_collaborator_is_told_but_not_asked_for_a_review(
    github: OnGitHub, waiting: EventStatus
) -> None:
    asks = (BO, Ask(act=Act.SIGN, who="@nobody-at-all", role="npm"), ANN)
    GitHubForge(github.session()).show(replace(waiting, asks=asks))

    issue, pull = event(github)
    assert pull.reviewers == ["ann"]
    assert [name for name in ("@ann", "@bo", "@nobody-at-all") if name in bodies(issue)[0]] == [
        "@ann",
        "@bo",
        "@nobody-at-all",
    ]


def test_proposer_is_the_author_of_the_head_commit(github: OnGitHub, waiting: EventStatus) -> None:
    head = github.hub.push("octo/tuf", "sign/a", {"a": "a"}, login="bo")
    mend = replace(waiting, head=Commit(head), verdict="refused", asks=(Ask(act=Act.MEND),))
    GitHubForge(github.session()).show(mend)

    issue, _ = event(github)
    assert bodies(issue)[0] == (
        "@bo: please mend what the report says: the event cannot be merged like this\n"
    )
    assert [each.state for each in github.repository.statuses] == ["failure"]


def test_comments_of_others_count_for_nothing(github: OnGitHub, waiting: EventStatus) -> None:
    forge = GitHubForge(github.session())
    forge.show(waiting)
    issue, _ = event(github)
    forged = [each.body for each in issue.comments]
    issue.comments.clear()
    for body in forged:
        github.api("bo").get_repo("octo/tuf").get_issue(1).create_comment(body)

    assert forge.statuses() == {}
    forge.show(waiting)
    assert [each.author for each in issue.comments] == ["bo", "bo", BOT, BOT]


def test_comment_that_somebody_edited_is_restored_and_nobody_told_again(
    github: OnGitHub, waiting: EventStatus
) -> None:
    forge = GitHubForge(github.session())
    forge.show(waiting)
    issue, _ = event(github)
    right = issue.comments[1].body
    for wrong in (right.replace("waiting", "ready", 1), "**ready**: merge me"):
        comment = github.api("octo").get_repo("octo/tuf").get_issue(1)
        comment.get_comment(issue.comments[1].id).edit(wrong)
        assert forge.statuses() == {}
        forge.show(waiting)
        assert [each.body for each in issue.comments[1:]] == [right]
        assert forge.statuses() == {"sign/a": waiting}


def test_second_status_comment_goes_when_the_event_is_shown_again(
    github: OnGitHub, waiting: EventStatus
) -> None:
    forge = GitHubForge(github.session())
    forge.show(waiting)
    before = bodies(event(github)[0])
    session = github.session()
    issue = session.repository.get_issue(1)
    issue.create_comment(event(github)[0].comments[1].body)  # by a run at the same moment
    assert len(bodies(event(github)[0])) == len(before) + 1

    forge.show(waiting)

    assert bodies(event(github)[0]) == before


def test_pull_request_of_a_fork_is_not_the_events(github: OnGitHub, waiting: EventStatus) -> None:
    github.hub.fork("octo/tuf", "eve")
    github.commit("sign/a", {"metadata/root.json": "evil"}, repository="eve/tuf")
    forged = github.pull("sign/a", login="eve")
    forge = GitHubForge(github.session())
    forge.show(waiting)

    assert [each.author for each in github.repository.issues.values()] == ["eve", BOT]
    assert github.repository.issues[forged].comments == []
    forge.forget("sign/a")
    assert [each.state for each in github.repository.issues.values()] == ["open", "closed"]


def test_person_who_opened_the_pull_request_first_is_not_overruled(
    github: OnGitHub, waiting: EventStatus
) -> None:
    github.pull("sign/a", draft=True)
    GitHubForge(github.session()).show(waiting)

    issue, _ = event(github)
    assert (issue.author, issue.title, len(issue.comments)) == ("octo", "A title", 2)


def test_closed_by_a_person_until_the_next_push(github: OnGitHub, waiting: EventStatus) -> None:
    forge = GitHubForge(github.session())
    forge.show(waiting)
    github.api("octo").get_repo("octo/tuf").get_pull(1).edit(state="closed")
    forge.show(ready(waiting))
    assert [each.state for each in github.repository.issues.values()] == ["closed"]

    later = replace(waiting, head=github.commit("sign/a", {"b": "b"}))
    forge.show(later)

    assert [each.state for each in github.repository.issues.values()] == ["closed", "open"]
    assert forge.statuses() == {"sign/a": later}


def test_stale_event_is_closed_and_opened_again_when_it_is_mended(
    github: OnGitHub, waiting: EventStatus
) -> None:
    forge = GitHubForge(github.session())
    stale = replace(waiting, verdict="refused", stale=True, asks=(Ask(act=Act.MEND),))
    states = []
    for status in (waiting, stale, stale, waiting):
        forge.show(status)
        states.append(event(github)[0].state)

    assert states == ["open", "closed", "closed", "open"]
    assert event(github)[0].labels == ["signing-event: waiting"]


def test_event_whose_pull_request_cannot_be_reopened_gets_a_new_one(
    github: OnGitHub, waiting: EventStatus
) -> None:
    forge = GitHubForge(github.session())
    forge.show(waiting)
    forge.show(replace(waiting, verdict="refused", stale=True))
    github.hub.faults.add(Fault(method="PATCH", path="/pulls/1$", kind=422))
    forge.show(waiting)

    assert [each.state for each in github.repository.issues.values()] == ["closed", "open"]
    assert forge.statuses() == {"sign/a": waiting}


def test_many_comments_are_read_page_by_page(github: OnGitHub, waiting: EventStatus) -> None:
    number = github.pull("sign/a", draft=True)
    issue = github.api("octo").get_repo("octo/tuf").get_issue(number)
    for count in range(101):
        issue.create_comment(f"talk {count}")
    forge = GitHubForge(github.session())
    forge.show(waiting)
    before = len(github.hub.requests)
    forge.show(waiting)

    assert forge.statuses() == {"sign/a": waiting}
    assert not any(each.mutating for each in github.hub.requests[before:])


def test_all_events_are_read_page_by_page(github: OnGitHub, waiting: EventStatus) -> None:
    forge = GitHubForge(github.session())
    statuses = [replace(waiting, event=f"sign/e{number:03}") for number in range(51)]
    for number, status in enumerate(statuses):
        github.hub.push("octo/tuf", status.event, {"a": status.event}, login="bo", start="main")
        if number in {0, 50}:
            forge.show(status)
        else:
            github.pull(status.event)
    before = len(github.hub.requests)
    found = forge.statuses()

    assert list(found.values()) == [statuses[0], statuses[50]]
    assert len(github.hub.requests) - before == 2


def test_branch_without_commits_shows_nothing(github: OnGitHub, waiting: EventStatus) -> None:
    GitHubForge(github.session()).show(replace(waiting, head=waiting.main))

    assert github.repository.issues == {}


def test_branch_with_any_name_that_git_allows_is_shown_and_closed(
    github: OnGitHub, waiting: EventStatus
) -> None:
    name = "sign/@octo/<b>\"'$(id)#1&;`|ä\u202e%2F+"
    head = github.hub.push("octo/tuf", name, {"a": "a"}, login="bo", start="main")
    shown = replace(waiting, event=name, head=Commit(head), asks=(Ask(act=Act.MEND),))
    forge = GitHubForge(github.session())
    for _ in range(2):
        forge.show(shown)
    assert forge.statuses() == {name: shown}
    issue, _ = event(github)
    assert len(issue.comments) == 2
    assert issue.title == (
        "Signing event sign/\\u0040octo/\\u003cb\\u003e\\u0022\\u0027\\u0024\\u0028id\\u0029"
        "\\u00231\\u0026\\u003b\\u0060\\u007c\\u00e4\\u202e\\u00252F\\u002b"
    )

    forge.forget(name)
    assert (issue.state, forge.statuses()) == ("closed", {})


def test_missing_permission_is_named_with_where_to_set_it(
    github: OnGitHub, waiting: EventStatus
) -> None:
    lacking = {name: level for name, level in GRANTED.items() if name != "pull-requests"}
    with pytest.raises((PermissionMissing, NotThere)) as raised:
        GitHubForge(github.session(lacking)).show(waiting)

    assert raised.value.hint
    assert "pull-requests: " in raised.value.hint
    assert "`permissions:` of the job in the workflow file" in raised.value.hint
