"""The REST API: one request in, one answer out, and both held against GitHub's description."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from tests.support.github import (  # noqa: F401 - they register what they answer
    _rest_actions,
    _rest_apps,
    _rest_branches,
    _rest_contents,
    _rest_issues,
    _rest_labels,
    _rest_pulls,
    _rest_refs,
    _rest_repository,
    _rest_rulesets,
    _rest_statuses,
)
from tests.support.github._access import bearer, check, token_of
from tests.support.github._hub import Hub
from tests.support.github._router import Answer, Call, Refused, Route, find, json_or_none


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """A request to the REST API; `path` follows `/api/v3`."""

    method: str
    path: str
    query: Mapping[str, str]
    authorization: str | None
    body: bytes = b""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def answer(hub: Hub, incoming: Incoming) -> Answer:
    """Answer the request; what breaks GitHub's description is noted, and answered by 500."""
    found = find(incoming.method, incoming.path)
    if found is None:
        return _violated(hub, 501, f"{incoming}: the emulator does not know this operation")
    route, path = found
    try:
        return _described(hub, incoming, route, path)
    except Refused as refused:
        return Answer(refused.status, refused.body, refused.headers)
    except Exception:  # noqa: BLE001 - the client gets an answer, the test the whole story
        return _violated(hub, 500, f"{incoming}: the emulator failed:\n{traceback.format_exc()}")


def _described(hub: Hub, incoming: Incoming, route: Route, path: Mapping[str, str]) -> Answer:
    """Answer between two looks into GitHub's description."""
    body = json_or_none(incoming.body)
    asked = list(route.operation.request_problems(path, incoming.query, body))
    if asked:
        return _violated(hub, 500, f"{incoming}: {'; '.join(asked)}")
    with hub.lock:
        answered = _performed(hub, incoming, route, path, body)
    wrong = list(route.operation.answer_problems(answered.status, answered.body))
    return _violated(hub, 500, f"{incoming}: {'; '.join(wrong)}") if wrong else answered


def _performed(
    hub: Hub, incoming: Incoming, route: Route, path: Mapping[str, str], body: object
) -> Answer:
    try:
        call = Call(
            hub=hub,
            token=token_of(hub, incoming.authorization),
            path=path,
            query=incoming.query,
            url=f"{hub.api_url}{incoming.path}",
            body=body,
            bearer=bearer(incoming.authorization),
        )
        check(call, route)
        return route.handler(call)
    except Refused as refused:
        return Answer(refused.status, refused.body, refused.headers)


def _violated(hub: Hub, status: int, violation: str) -> Answer:
    hub.violations.append(violation)
    return Answer(status, {"message": violation})
