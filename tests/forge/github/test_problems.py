"""Issues of failing jobs: one per job, whatever goes wrong on the way, and harmless to read."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from tests.support.github._state import Issue
from tests.support.on_github import BOT, OnGitHub, disturbed, on_github

from tufline.repository.forge import ForgeFailed
from tufline.repository.forge.github._errors import PermissionMissing
from tufline.repository.forge.github._problems import (
    LABEL,
    close_problem,
    open_problem,
    problems,
)


@pytest.fixture
def github(tmp_path: Path) -> Iterator[OnGitHub]:
    with on_github(tmp_path) as github:
        yield github


def issues(github: OnGitHub) -> list[Issue]:
    return list(github.repository.issues.values())


def test_first_failure_opens_an_issue_of_the_job(github: OnGitHub) -> None:
    open_problem(github.session(), "publish", "first line\nline ö\n")

    (issue,) = issues(github)
    assert (issue.title, issue.state, issue.labels) == ("Tufline: publish fails", "open", [LABEL])
    assert issue.body == (
        "<!-- tufline: problem cHVibGlzaA== 1 -->\n"
        "This is kept up to date while the job fails, and closed by the first run that works.\n"
        "\n"
        "```\nfirst line\nline ö\n\n```"
    )
    assert problems(github.session()) == {"publish": "first line\nline ö\n"}


def test_next_failure_changes_the_text_and_says_nothing_else(github: OnGitHub) -> None:
    for text in ("first", "second", "second"):
        open_problem(github.session(), "publish", text)

    (issue,) = issues(github)
    assert issue.comments == []
    assert problems(github.session()) == {"publish": "second"}


def test_same_text_again_changes_nothing(github: OnGitHub) -> None:
    open_problem(github.session(), "publish", "text")
    before = len(github.hub.requests)
    open_problem(github.session(), "publish", "text")

    assert not any(request.mutating for request in github.hub.requests[before:])


def test_each_job_has_its_own_issue(github: OnGitHub) -> None:
    for job in ("publish", "signing-event sign/a", "signing-event sign/ä -->"):
        open_problem(github.session(), job, f"of {job}")

    assert problems(github.session()) == {
        "publish": "of publish",
        "signing-event sign/a": "of signing-event sign/a",
        "signing-event sign/ä -->": "of signing-event sign/ä -->",
    }


def test_success_closes_the_issue_with_one_comment(github: OnGitHub) -> None:
    open_problem(github.session(), "publish", "text")
    for _ in range(2):
        close_problem(github.session(), "publish")

    (issue,) = issues(github)
    assert (issue.state, issue.state_reason) == ("closed", "completed")
    assert [each.body for each in issue.comments] == [
        "<!-- tufline: solved 1 -->\nThe job works again."
    ]
    assert problems(github.session()) == {}


def test_success_of_a_job_that_never_failed_does_nothing(github: OnGitHub) -> None:
    close_problem(github.session(), "publish")

    assert issues(github) == []


def test_failure_after_success_opens_the_same_issue_again(github: OnGitHub) -> None:
    for text in ("first", "second"):
        open_problem(github.session(), "publish", text)
        close_problem(github.session(), "publish")
    open_problem(github.session(), "publish", "third")

    (issue,) = issues(github)
    assert (issue.state, len(issue.comments)) == ("open", 2)
    assert problems(github.session()) == {"publish": "third"}


def test_newest_closed_issue_is_opened_again(github: OnGitHub) -> None:
    open_problem(github.session(), "publish", "first")
    github.repository.issues[1].labels = []
    open_problem(github.session(), "publish", "second")
    github.repository.issues[1].labels = [LABEL]
    for number in (1, 2):
        github.repository.issues[number].state = "closed"
    open_problem(github.session(), "publish", "third")

    assert [issue.state for issue in issues(github)] == ["closed", "open"]


def test_two_issues_by_a_race_become_the_older_one(github: OnGitHub) -> None:
    open_problem(github.session(), "publish", "first")
    github.repository.issues[1].labels = []  # as the other run did not see it yet
    open_problem(github.session(), "publish", "second")
    github.repository.issues[1].labels = [LABEL]
    open_problem(github.session(), "publish", "third")

    assert [(each.state, each.state_reason) for each in issues(github)] == [
        ("open", None),
        ("closed", "not_planned"),
    ]
    assert problems(github.session()) == {"publish": "third"}


class Raced:
    """A repository in which another run opens an issue just before this one does."""

    def __init__(self, repository: object, other: Callable[[], None]) -> None:
        self._repository = repository
        self._other = other

    def create_issue(self, *args: object, **options: object) -> object:
        self._other()
        return cast("Any", self._repository).create_issue(*args, **options)

    def __getattr__(self, name: str) -> object:
        return getattr(self._repository, name)


def test_two_runs_that_open_an_issue_at_once_leave_one(github: OnGitHub) -> None:
    session = github.session()

    def other() -> None:
        open_problem(github.session(), "publish", "other")

    raced = cast("Any", Raced(session.repository, other))
    open_problem(replace(session, repository=raced), "publish", "ours")

    assert [(each.state, each.state_reason) for each in issues(github)] == [
        ("open", None),
        ("closed", "not_planned"),
    ]
    assert problems(session) == {"publish": "ours"}


def test_issue_that_somebody_else_wrote_is_never_ours(github: OnGitHub) -> None:
    open_problem(github.session(), "publish", "text")
    body = github.repository.issues[1].body or ""
    forged = github.api("octo").get_repo("octo/tuf").create_issue("x", body=body, labels=[LABEL])
    close_problem(github.session(), "publish")

    assert github.repository.issues[forged.number].state == "open"
    assert github.repository.issues[forged.number].comments == []
    assert problems(github.session()) == {}


@pytest.mark.parametrize(
    "body",
    ["", "no marker", "<!-- tufline: problem ==== 1 -->\n", "<!-- tufline: problem _w== 1 -->\n"],
)
def test_issue_of_ours_without_a_good_marker_is_left_alone(github: OnGitHub, body: str) -> None:
    open_problem(github.session(), "publish", "text")
    github.repository.issues[1].body = body
    close_problem(github.session(), "publish")

    assert (problems(github.session()), github.repository.issues[1].state) == ({}, "open")


def test_issues_beyond_the_first_page_are_found(github: OnGitHub) -> None:
    session = github.session()
    open_problem(session, "job", "text")
    first = github.repository.issues[1]
    for number in range(2, 103):
        copy = Issue(
            id=number,
            number=number,
            author=BOT,
            title="other",
            body=(first.body or "").replace("am9i", "b3Ro"),
            created=github.hub.now(),
            updated=github.hub.now(),
            labels=[LABEL],
        )
        github.repository.issues[number] = copy
    first.created = github.hub.now()  # the last one in order

    assert problems(session).keys() == {"job", "oth"}


def test_text_cannot_end_its_code_block(github: OnGitHub) -> None:
    text = "remote: ```\n@octo/everybody <img src=x> [a](b)\n`````\r\n\u202eabc\x00 -->"
    open_problem(github.session(), "publish", text)

    (issue,) = issues(github)
    lines = (issue.body or "").splitlines()
    assert lines[3] == lines[-1] == "``````"
    assert "``````" not in lines[4:-1]
    assert problems(github.session()) == {
        "publish": "remote: ```\n@octo/everybody <img src=x> [a](b)\n`````\\r\n\\u202eabc\\x00 -->"
    }


@pytest.mark.parametrize("text", ["x" * 100_000, "`" * 100_000, "\u202e" * 50_000, "\n" * 70_000])
def test_long_text_is_shortened_to_what_github_takes(github: OnGitHub, text: str) -> None:
    open_problem(github.session(), "publish", text)

    (issue,) = issues(github)
    assert len(issue.body or "") <= 65_536
    assert problems(github.session())["publish"].endswith("\n(shortened)")


def test_title_shows_what_a_job_name_hides(github: OnGitHub) -> None:
    open_problem(github.session(), "signing-event sign/\u202e" + "x" * 300, "text")

    (issue,) = issues(github)
    assert issue.title.startswith("Tufline: signing-event sign/\\u202exxx")
    assert len(issue.title) <= 256


def test_missing_permission_is_named(github: OnGitHub) -> None:
    session = github.session({"issues": "read"})
    with pytest.raises(PermissionMissing) as refused:
        open_problem(session, "publish", "text")

    assert "issues: write" in (refused.value.hint or "")


def test_failure_opens_one_issue_whatever_was_interrupted(tmp_path: Path) -> None:
    def job(github: OnGitHub) -> None:
        open_problem(github.session(), "publish", "text")

    for github, what in disturbed(tmp_path, lambda _: None, job):
        assert problems(github.session()) == {"publish": "text"}, what
        assert [(each.number, len(each.comments)) for each in issues(github)] == [(1, 0)], what


def test_success_closes_with_one_comment_whatever_was_interrupted(tmp_path: Path) -> None:
    def prepare(github: OnGitHub) -> None:
        open_problem(github.session(), "publish", "text")

    def job(github: OnGitHub) -> None:
        close_problem(github.session(), "publish")

    for github, what in disturbed(tmp_path, prepare, job):
        (issue,) = issues(github)
        assert (issue.state, len(issue.comments)) == ("closed", 1), what


def test_failure_again_reopens_whatever_was_interrupted(tmp_path: Path) -> None:
    def prepare(github: OnGitHub) -> None:
        open_problem(github.session(), "publish", "text")
        close_problem(github.session(), "publish")

    def job(github: OnGitHub) -> None:
        open_problem(github.session(), "publish", "again")

    for github, what in disturbed(tmp_path, prepare, job):
        assert problems(github.session()) == {"publish": "again"}, what
        assert len(issues(github)) == 1, what


def test_server_that_fails_is_an_error_of_the_forge(github: OnGitHub) -> None:
    github.struck(500, 1)
    with pytest.raises(ForgeFailed, match="GitHub did not say whether it could list the open"):
        problems(github.session())
