"""Which function answers which operation, and who may ask for it.

    @route("GET", "/repos/{owner}/{repo}/labels", needs="issues:read|pull_requests:read")
    def labels(call: Call) -> Answer: ...

Operations are named by the templates of GitHub's description, so that one name serves routing and
validation.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

from tests.support.github._hub import Hub
from tests.support.github._openapi import Operation
from tests.support.github._state import Issue, Repository, Role, Token

# Branches and refs hold slashes, which GitHub accepts as they are.
_WITH_SLASHES = frozenset({"ref", "branch", "path", "basehead"})


class Refused(Exception):
    """The request is answered by an error in GitHub's form; `errors` as in a validation error."""

    def __init__(
        self, status: int, message: str, *, errors: Sequence[object] = (), **headers: str
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, object] = {
            "message": message,
            "documentation_url": "https://docs.github.com/rest",
            "status": str(status),
        }
        if errors:
            self.body["errors"] = list(errors)
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def invalid(resource: str, *, code: str = "custom", **more: str) -> Refused:
    """Return the error 422 with one entry; `more` are `field` and `message`."""
    entry = {"resource": resource, "code": code, **more}
    return Refused(422, "Validation Failed", errors=[entry])


def not_found() -> Refused:
    """Return the error for what is not there, or not to be seen."""
    return Refused(404, "Not Found")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: `body` None is no body at all."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request, after its token was found; `body` is what its JSON says."""

    hub: Hub
    token: Token | None
    path: Mapping[str, str]
    query: Mapping[str, str]
    url: str
    body: Any = None
    bearer: str = ""

    @property
    def login(self) -> str:
        return self.known.login

    @property
    def known(self) -> Token:
        """Return the token; raise `Refused` without one."""
        if self.token is None:
            raise Refused(401, "Requires authentication")
        return self.token

    @property
    def repository(self) -> Repository:
        found = self.hub.repository(f"{self.path['owner']}/{self.path['repo']}")
        if found is None:
            raise not_found()
        return found

    @property
    def issue(self) -> Issue:
        """Return the issue or pull request that the path names."""
        number = self.path.get("issue_number") or self.path.get("pull_number", "")
        issue = self.repository.issues.get(int(number)) if number.isdecimal() else None
        if issue is None or ("pull_number" in self.path and issue.pull is None):
            raise not_found()
        return issue

    def demand_author(self, author: str) -> None:
        """Refuse to change what somebody else wrote, without a role that may."""
        own = self.known.kind != "personal" or self.login == author
        if not own and not self.repository.role(self.login).reaches(Role.TRIAGE):
            raise Refused(403, "Must have admin rights to Repository.")

    def page(
        self, items: Sequence[Any], show: Callable[[Any], object], *, key: str | None = None
    ) -> Answer:
        """Answer one page of the items, with links to others; under `key` with their number."""
        size = min(int(self.query.get("per_page", "30")), 100)
        number = int(self.query.get("page", "1"))
        shown = [show(item) for item in items[(number - 1) * size : number * size]]
        last = max(1, -(-len(items) // size))
        body = {"total_count": len(items), key: shown} if key else shown
        links = {name: n for name, n in _neighbours(number, last) if 1 <= n <= last and n != number}
        link = ", ".join(f'<{self._at(n)}>; rel="{name}"' for name, n in links.items())
        return Answer(200, body, {"Link": link} if link else {})

    def _at(self, page: int) -> str:
        return f"{self.url}?{urlencode({**self.query, 'page': str(page)})}"


def _neighbours(number: int, last: int) -> Iterable[tuple[str, int]]:
    return (("prev", number - 1), ("next", number + 1), ("last", last), ("first", 1))


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """`needs` are the permissions of which one is enough; `readers`: any reader's own token may."""

    operation: Operation
    handler: Handler
    needs: tuple[tuple[str, str], ...]
    readers: bool
    pattern: re.Pattern[str]

    @property
    def accepted(self) -> str:
        """Return the header by which GitHub tells what was missing."""
        return "; ".join(f"{permission}={level}" for permission, level in self.needs)

    def match(self, path: str) -> Mapping[str, str] | None:
        found = self.pattern.fullmatch(path)
        return found and {name: unquote(text) for name, text in found.groupdict().items()}


ROUTES: list[Route] = []


def route(
    method: str, template: str, *, needs: str = "", readers: bool = False, at: str | None = None
) -> Callable[[Handler], Handler]:
    """Let the function answer this operation, `at` an older path where GitHub still serves it."""

    def register(handler: Handler) -> Handler:
        pairs = (each.split(":") for each in needs.split("|") if each)
        ROUTES.append(
            Route(
                operation=Operation(method, template),
                handler=handler,
                needs=tuple((permission, level) for permission, level in pairs),
                readers=readers,
                pattern=_pattern(at or template),
            )
        )
        return handler

    return register


def find(method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
    """Return who answers, and what the path says; the most literal template wins."""
    found = [
        (each, said)
        for each in ROUTES
        if each.operation.method == method and (said := each.match(path)) is not None
    ]
    return max(found, key=lambda pair: _literal(pair[0].operation.template), default=None)


def _literal(template: str) -> int:
    return len(re.sub(r"\{.*?\}", "", template))


def _pattern(template: str) -> re.Pattern[str]:
    def group(found: re.Match[str]) -> str:
        name = found[1]
        return f"(?P<{name}>{'.+' if name in _WITH_SLASHES else '[^/]+'})"

    return re.compile(re.sub(r"\{(\w+)\}", group, template))


def json_or_none(text: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return the body's JSON, None without a body."""
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        raise Refused(400, "Problems parsing JSON") from None
