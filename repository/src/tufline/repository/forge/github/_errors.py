"""What GitHub answered, or did not, as errors that say who can mend it and how.

    with asking("open the pull request", permission="pull-requests: write"):
        session.repository.create_pull(...)

Messages of the server are text from outside: they are shown on one line, spelled out, shortened.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

import requests
from github import BadCredentialsException, GithubException, RateLimitExceededException

from tufline.repository.forge._interface import ForgeFailed
from tufline.repository.report import prose

_LONGEST: Final = 300
_TOO_MANY: Final = re.compile(r"too many (\d{3}) error responses")  # urllib3's words
_SETTING: Final = "not permitted to create or approve pull requests"  # GitHub's words
_WHERE: Final = "under `permissions:` of the job in the workflow file, or in the App's settings"


class GitHubFailed(ForgeFailed):
    """GitHub answered with an error; `status` is that of HTTP, 400 for one of GraphQL."""

    def __init__(self, what: str, status: int, said: str) -> None:
        super().__init__(f"GitHub did not {what}: {status} {said}".rstrip())
        self.status = status


class OutcomeUnknown(ForgeFailed):
    """The server failed, or the connection broke: what was asked for may have been done."""

    hint = "run the job again; if it goes on, see https://www.githubstatus.com"

    def __init__(self, what: str, said: str) -> None:
        super().__init__(f"GitHub did not say whether it could {what}: {said}")


class TokenRefused(GitHubFailed):
    """The token is wrong, has expired or was revoked."""

    hint = "check GITHUB_TOKEN, or TUFLINE_APP_ID and TUFLINE_APP_PRIVATE_KEY; tokens expire"


class PermissionMissing(GitHubFailed):
    """The token is good, but may not do this."""

    def __init__(self, what: str, status: int, said: str, *, permission: str | None) -> None:
        super().__init__(what, status, said)
        self.permission = permission
        self.hint = f"give the token {permission or 'the permission for it'}, {_WHERE}"


class SettingForbids(GitHubFailed):
    """The token has the permission, but workflows may not use it: so by default."""

    hint = (
        "allow GitHub Actions to create and approve pull requests: "
        "Settings, Actions, General of the repository, or of its organization"
    )


class NotThere(GitHubFailed):
    """GitHub has no such thing, or does not let this token see it."""

    def __init__(self, what: str, status: int, said: str, *, permission: str | None) -> None:
        super().__init__(what, status, said)
        needed = f", and has {permission}, {_WHERE}" if permission else ""
        self.hint = f"check GITHUB_REPOSITORY, and that the token can see it{needed}"


class RateLimited(GitHubFailed):
    """Too many requests."""

    def __init__(self, what: str, status: int, said: str, *, until: datetime | None) -> None:
        super().__init__(what, status, said)
        self.until = until
        when = f"after {until:%Y-%m-%d %H:%M:%S} UTC" if until else "in some minutes"
        self.hint = f"run the job again {when}; an App's token has a limit of its own"


@contextmanager
def asking(what: str, permission: str | None = None) -> Iterator[None]:
    """Turn what PyGithub raises inside into `ForgeFailed`.

    `what` completes "GitHub did not ..."; `permission` is what a workflow would have to grant.
    """
    try:
        yield
    except GithubException as error:
        raise _answered(what, permission, error) from error
    except requests.exceptions.RetryError as error:
        raise _given_up(what, error) from error
    except requests.exceptions.RequestException as error:
        raise OutcomeUnknown(what, f"the connection failed ({type(error).__name__})") from error


def shown(text: str) -> str:
    """Return the text on one line, every character visible, not overlong."""
    line = prose(text).text
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _answered(what: str, permission: str | None, error: GithubException) -> ForgeFailed:
    said = shown(_message(error))
    kinds = _graphql_kinds(error)
    if error.status == HTTPStatus.UNAUTHORIZED or isinstance(error, BadCredentialsException):
        return TokenRefused(what, error.status, said)
    if _is_limit(error) or "RATE_LIMITED" in kinds:
        return RateLimited(what, error.status, said, until=_until(_headers(error)))
    if error.status == HTTPStatus.FORBIDDEN or kinds & {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
        return _forbidden(what, permission, error)
    if error.status == HTTPStatus.NOT_FOUND or "NOT_FOUND" in kinds:
        return NotThere(what, error.status, said, permission=permission)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return OutcomeUnknown(what, f"{error.status} {said}".rstrip())
    return GitHubFailed(what, error.status, said)


def _forbidden(what: str, permission: str | None, error: GithubException) -> ForgeFailed:
    """Return what a token lacks: a permission, or the leave to use it."""
    said = shown(_message(error))
    if _SETTING in said:
        return SettingForbids(what, error.status, said)
    needed = _accepted(_headers(error)) or permission
    return PermissionMissing(what, error.status, said, permission=needed)


def _given_up(what: str, error: requests.exceptions.RetryError) -> ForgeFailed:
    """Return what it means that an answer came again and again."""
    found = _TOO_MANY.search(str(error))
    status = int(found[1]) if found else 0
    if status in {HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}:
        return RateLimited(what, status, "too many requests", until=None)
    return OutcomeUnknown(what, f"{status} again and again")


def _is_limit(error: GithubException) -> bool:
    too_many = error.status == HTTPStatus.TOO_MANY_REQUESTS
    return too_many or isinstance(error, RateLimitExceededException)


def _message(error: GithubException) -> str:
    """Return what the server said: its message, and those of its list of errors."""
    data = error.data if isinstance(error.data, dict) else {}
    errors = data.get("errors")
    parts = [data.get("message"), *(errors if isinstance(errors, list) else ())]
    texts = (part.get("message") if isinstance(part, dict) else part for part in parts)
    return "; ".join(text for text in texts if isinstance(text, str)) or (error.message or "")


def _graphql_kinds(error: GithubException) -> set[Any]:
    errors = error.data.get("errors") if isinstance(error.data, dict) else None
    each = errors if isinstance(errors, list) else ()
    return {item.get("type") for item in each if isinstance(item, dict)}


def _headers(error: GithubException) -> Mapping[str, str]:
    return {name.lower(): str(value) for name, value in (error.headers or {}).items()}


def _accepted(headers: Mapping[str, str]) -> str | None:
    """Return the permissions that GitHub says the request needs, as a workflow spells them."""
    named = shown(headers.get("x-accepted-github-permissions", ""))
    return named.replace("_", "-").replace("=", ": ") or None


def _until(headers: Mapping[str, str]) -> datetime | None:
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") != "0" or not reset.isdecimal():
        return None
    return datetime.fromtimestamp(int(reset), UTC)
