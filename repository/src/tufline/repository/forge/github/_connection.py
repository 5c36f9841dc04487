"""How jobs reach GitHub: one repository, one token, and how often to ask again.

`connect` reads what GitHub Actions puts into a job's environment:

    GITHUB_REPOSITORY     "owner/name"
    GITHUB_API_URL        "https://api.github.com", or "https://HOST/api/v3" of an Enterprise Server
    GITHUB_SERVER_URL     "https://github.com"
    GITHUB_TOKEN          a token
    TUFLINE_APP_ID, TUFLINE_APP_PRIVATE_KEY (PEM)
                          instead of it: a GitHub App, which mints one for this repository alone
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from github import Auth, Github, GithubIntegration, GithubRetry
from github.Repository import Repository
from jwt.exceptions import InvalidKeyError

from tufline.repository.errors import UserError
from tufline.repository.forge.github._errors import asking
from tufline.repository.history import HttpToken

_REPOSITORY: Final = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_APP: Final = ("TUFLINE_APP_ID", "TUFLINE_APP_PRIVATE_KEY")
_TIMEOUT: Final = 30
_PER_PAGE: Final = 100
_LIMITED: Final = (403, 429)


class NotConnected(UserError):
    """The environment does not say which repository, or who we are."""

    hint = "run it in a workflow of the repository, or set the variables; see docs/operator.md"


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How often and how slowly requests are sent, in seconds.

    Attributes:
        attempts: how often a request that failed is sent again.
        backoff: the first pause between two attempts; each further one is twice as long.
        secondary_wait: the pause when GitHub asks to slow down without saying how long.
        longest_wait: when the limit lasts longer than this, the job fails instead of waiting.
        between_requests, between_writes: what GitHub asks well-behaved clients to leave.
    """

    attempts: int = 5
    backoff: float = 1.0
    secondary_wait: float = 60.0
    longest_wait: float = 300.0
    between_requests: float = 0.1
    between_writes: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """One repository on GitHub, as one token sees it.

    Attributes:
        repository: lazy; asked nothing yet, nor is it by `full_name` below.
        full_name: "owner/name".
        client: whose POST requests are sent again only where they surely did nothing.
        server: where URLs for people and for git begin, "https://github.com".
        http_token: the same token, for git.
        patience: how long to keep trying.
    """

    repository: Repository
    full_name: str
    client: Github
    server: str
    http_token: HttpToken
    patience: Patience
    _reader: Github = field(repr=False)

    def close(self) -> None:
        """Close the connections; the session is of no use then."""
        self.client.close()
        self._reader.close()

    def query(self, text: str, **variables: object) -> dict[str, Any]:
        """Return the `data` of a GraphQL query, sent with `$owner` and `$name` of the repository.

        For reading only: it is sent again whatever became of it.
        """
        owner, name = self.full_name.split("/")
        given = {"owner": owner, "name": name, **variables}
        _, answer = self._reader.requester.graphql_query(text, given)
        data: dict[str, Any] = answer["data"]
        return data


class _Retry(GithubRetry):
    """Repeat reads, and changes that may be made twice, after any failure; a POST hardly ever.

    PATCH, PUT and DELETE say what shall be: sent twice they change nothing more. A POST that failed
    with a 5xx or a broken connection may have made its comment or pull request, so nobody repeats
    it but who has looked again. Only an answer that asks to slow down means that nothing was done.
    """

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:  # noqa: FBT001, FBT002 - the signature of urllib3
        """Return whether to send the request again after this answer."""
        if method.upper() in (self.allowed_methods or ()):
            return super().is_retry(method, status_code, has_retry_after)
        return bool(self.total) and status_code in _LIMITED


def connect(environment: Mapping[str, str], *, patience: Patience | None = None) -> Session:
    """Return a session for the repository that the environment names; raise `NotConnected`."""
    names = ("GITHUB_REPOSITORY", "GITHUB_API_URL", "GITHUB_SERVER_URL")
    full_name, api, server = _required(environment, *names)
    if not _REPOSITORY.fullmatch(full_name):
        raise NotConnected(f"GITHUB_REPOSITORY is {full_name!r}, not OWNER/NAME")
    if not api.startswith(("https://", "http://")):
        raise NotConnected(f"GITHUB_API_URL is {api!r}, not a URL")
    patience = patience or Patience()
    settings = _settings(api.rstrip("/"), patience)
    token = _token(environment, full_name, settings)
    auth = Auth.Token(token)
    client = Github(auth=auth, lazy=True, **settings)
    return Session(
        repository=client.get_repo(full_name),
        full_name=full_name,
        client=client,
        server=server.rstrip("/"),
        http_token=HttpToken(server=server.rstrip("/"), token=token),
        patience=patience,
        _reader=Github(auth=auth, **settings | {"retry": _reading(patience)}),
    )


def _required(environment: Mapping[str, str], *names: str) -> list[str]:
    missing = [name for name in names if not environment.get(name)]
    if missing:
        raise NotConnected(f"the environment lacks {' and '.join(missing)}")
    return [environment[name] for name in names]


def _token(environment: Mapping[str, str], full_name: str, settings: Mapping[str, Any]) -> str:
    """Return the token to use; an App that somebody configured comes before the job's own token."""
    if any(environment.get(name) for name in _APP):
        app, key = _required(environment, *_APP)
        return _app_token(app, key, full_name, settings)
    if not environment.get("GITHUB_TOKEN"):
        missing = f"GITHUB_TOKEN, or else {' and '.join(_APP)}"
        raise NotConnected(f"the environment lacks {missing}")
    return environment["GITHUB_TOKEN"]


def _app_token(app: str, key: str, full_name: str, settings: Mapping[str, Any]) -> str:
    """Return a token of the App's installation, good for an hour and for this repository only."""
    owner, name = full_name.split("/")
    try:
        with (
            asking("give the App a token"),
            GithubIntegration(auth=Auth.AppAuth(app, key), **settings) as integration,
        ):
            installation = integration.get_repo_installation(owner, name)
            # PyGithub's own call names no repository: its token would reach all of the App's.
            url = f"/app/installations/{installation.id}/access_tokens"
            wanted = {"repositories": [name]}
            _, answer = integration.requester.requestJsonAndCheck("POST", url, input=wanted)
            return str(answer["token"])
    except InvalidKeyError as error:
        raise NotConnected(f"{_APP[1]} is not a private key in PEM") from error


def _settings(api: str, patience: Patience) -> dict[str, Any]:
    return {
        "base_url": api,
        "timeout": _TIMEOUT,
        "per_page": _PER_PAGE,
        "retry": _writing(patience),
        "seconds_between_requests": patience.between_requests,
        "seconds_between_writes": patience.between_writes,
    }


def _writing(patience: Patience) -> GithubRetry:
    idempotent = frozenset({"GET", "HEAD", "PUT", "PATCH", "DELETE"})
    return _Retry(allowed_methods=idempotent, **_pauses(patience))


def _reading(patience: Patience) -> GithubRetry:
    return GithubRetry(allowed_methods=frozenset({"GET", "POST"}), **_pauses(patience))


def _pauses(patience: Patience) -> dict[str, Any]:
    return {
        "total": patience.attempts,
        "backoff_factor": patience.backoff,
        "secondary_rate_wait": patience.secondary_wait,
        "max_rate_limit_wait": patience.longest_wait,
        "status_forcelist": [429, *range(500, 600)],
    }
