"""What GitHub's refusals mean, in words that say who can mend it."""

from datetime import UTC, datetime

import pytest
import requests
from github import GithubException, RateLimitExceededException

from tufline.repository.forge import ForgeFailed
from tufline.repository.forge.github._errors import (
    GitHubFailed,
    NotThere,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    SettingForbids,
    TokenRefused,
    asking,
    shown,
)

WHERE = "under `permissions:` of the job in the workflow file, or in the App's settings"


def failure(error: Exception, permission: str | None = "issues: write") -> ForgeFailed:
    with pytest.raises(ForgeFailed) as raised, asking("do it", permission):
        raise error
    assert raised.value.__cause__ is error
    return raised.value


def test_missing_permission_is_named_as_github_names_it() -> None:
    error = failure(
        GithubException(
            403,
            {"message": "Resource not accessible by integration"},
            {"X-Accepted-GitHub-Permissions": "pull_requests=write; issues=write"},
        )
    )

    assert isinstance(error, PermissionMissing)
    assert str(error) == "GitHub did not do it: 403 Resource not accessible by integration"
    assert error.hint == f"give the token pull-requests: write; issues: write, {WHERE}"


def test_missing_permission_is_named_as_we_know_it_where_github_does_not_say() -> None:
    error = failure(GithubException(403, {"message": "Must have admin rights"}, {}))

    assert error.hint == f"give the token issues: write, {WHERE}"


def test_setting_that_keeps_workflows_from_opening_pull_requests_is_named() -> None:
    said = "GitHub Actions is not permitted to create or approve pull requests."
    headers = {"X-Accepted-GitHub-Permissions": "pull_requests=write"}

    error = failure(GithubException(403, {"message": said}, headers))

    assert isinstance(error, SettingForbids)
    assert str(error) == f"GitHub did not do it: 403 {said}"
    assert error.hint == (
        "allow GitHub Actions to create and approve pull requests: "
        "Settings, Actions, General of the repository, or of its organization"
    )


@pytest.mark.parametrize("kind", ["FORBIDDEN", "INSUFFICIENT_SCOPES"])
def test_graphql_says_it_in_the_body(kind: str) -> None:
    data = {"errors": [{"type": kind, "message": "Resource not accessible by integration"}]}

    assert isinstance(failure(GithubException(400, data, {})), PermissionMissing)


@pytest.mark.parametrize(
    ("status", "data", "expected"),
    [
        (401, {"message": "Bad credentials"}, TokenRefused),
        (404, {"message": "Not Found"}, NotThere),
        (400, {"errors": [{"type": "NOT_FOUND", "message": "gone"}]}, NotThere),
        (400, {"errors": [{"type": "RATE_LIMITED", "message": "slow down"}]}, RateLimited),
        (429, None, RateLimited),
        (502, None, OutcomeUnknown),
        (409, {"message": "Conflict"}, GitHubFailed),
        (422, {"message": "Validation Failed"}, GitHubFailed),
    ],
)
def test_each_answer_has_its_error(status: int, data: object, expected: type[ForgeFailed]) -> None:
    error = failure(GithubException(status, data, {}))

    assert type(error) is expected
    assert error.hint


def test_limit_says_until_when() -> None:
    reset = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": f"{reset.timestamp():.0f}"}
    error = failure(RateLimitExceededException(403, {"message": "API rate limit"}, headers))

    assert isinstance(error, RateLimited)
    assert error.until == reset
    assert error.hint
    assert error.hint.startswith("run the job again after 2026-03-04 05:06:07 UTC; ")


def test_limit_without_an_end_says_in_some_minutes() -> None:
    error = failure(RateLimitExceededException(403, {"message": "secondary"}, {}))

    assert isinstance(error, RateLimited)
    assert error.until is None


def test_all_that_the_server_said_is_shown() -> None:
    data = {"message": "Validation Failed", "errors": [{"message": "a"}, "b", {"code": "c"}, 7]}

    assert str(failure(GithubException(422, data, {}))) == (
        "GitHub did not do it: 422 Validation Failed; a; b"
    )


@pytest.mark.parametrize("data", [None, "text", ["list"], {"message": 7}, {"errors": "x"}])
def test_body_of_any_form_is_no_crash(data: object) -> None:
    assert str(failure(GithubException(418, data, None))).startswith("GitHub did not do it: 418")


def test_words_of_the_server_are_one_harmless_line() -> None:
    assert shown("a\nb\x1b[31m\u202e@x") == "a\\nb\\u001b[31m\\u202e@x"
    assert len(shown("x" * 1000)) == 300


def test_broken_connection_is_an_unknown_outcome() -> None:
    error = failure(requests.exceptions.ConnectionError("secret of the machine"))

    assert isinstance(error, OutcomeUnknown)
    assert str(error) == (
        "GitHub did not say whether it could do it: the connection failed (ConnectionError)"
    )


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError), asking("do it"):
        raise KeyError
