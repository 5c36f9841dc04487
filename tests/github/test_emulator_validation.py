"""The emulator cannot drift from GitHub: what breaks GitHub's own description fails the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from github import Github, GithubException
from tests.github.asking import client
from tests.support.github import Hub, _openapi, _represent, _represent_issues, serve
from tests.support.github._openapi import NoDescription, Operation
from tests.support.github._router import ROUTES

REPO = "/repos/{owner}/{repo}"


@pytest.fixture
def drifting(tmp_path: Path) -> Iterator[Hub]:
    """A hub whose violations the test looks at itself."""
    with serve(tmp_path) as hub:
        hub.add_repository("octo/tuf")
        yield hub
        hub.violations.clear()


@pytest.fixture
def api(drifting: Hub) -> Iterator[Github]:
    with client(drifting, drifting.token("octo")) as api:
        yield api


def test_answer_without_a_required_field_is_a_violation(
    drifting: Hub, api: Github, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_name(*_: object) -> dict[str, object]:
        return {"id": 1, "color": "ffffff"}

    monkeypatch.setattr(_represent, "label", without_name)

    with pytest.raises(GithubException) as error:
        api.get_repo("octo/tuf").create_label("a", "ffffff")

    assert error.value.status == 500
    (violation,) = drifting.violations
    assert violation.startswith("POST /repos/octo/tuf/labels: answer 201: $: 'node_id' is a req")


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("not a time", "$.created_at: 'not a time' is not a 'date-time'"),
        (None, "$.created_at: None for not nullable"),
        (7, "$.created_at: 7 is not of type 'string'"),
    ],
)
def test_answer_with_a_wrong_value_is_a_violation(
    drifting: Hub, api: Github, monkeypatch: pytest.MonkeyPatch, value: object, problem: str
) -> None:
    monkeypatch.setattr(_represent_issues, "stamp", lambda _: value)

    with pytest.raises(GithubException):
        api.get_repo("octo/tuf").create_issue("a")

    assert problem in drifting.violations[-1]


@pytest.mark.parametrize(
    ("method", "path", "body", "problem"),
    [
        ("POST", "/pulls", {"head": "a"}, "body: $: 'base' is a required property"),
        ("POST", "/pulls", None, "the body is missing"),
        ("POST", "/labels", {"name": 7}, "body: $.name: 7 is not of type 'string'"),
        ("POST", "/labels", {"name": "a", "colour": "x"}, "'colour' is no field"),
        ("GET", "/pulls?state=merged", None, "query parameter 'state': $: 'merged' is not one"),
        ("GET", "/pulls?sate=open", None, "query parameter 'sate' is unknown"),
        ("GET", "/pulls/abc", None, "path parameter 'pull_number': $: 'abc' is not of type"),
        ("GET", "/labels", {"a": 1}, "there is a body, and should be none"),
        ("GET", "/nowhere", None, "the emulator does not know this operation"),
    ],
)
def test_request_that_github_does_not_describe_is_a_violation(
    drifting: Hub, api: Github, method: str, path: str, body: object, problem: str
) -> None:
    with pytest.raises(GithubException) as error:
        api.requester.requestJsonAndCheck(method, f"/repos/octo/tuf{path}", input=body)

    assert error.value.status in {500, 501}
    (violation,) = drifting.violations
    assert violation.startswith(f"{method} /repos/octo/tuf{path.partition('?')[0]}: ")
    assert problem in violation


def ask_for_what_github_has_not(folder: Path) -> None:
    with serve(folder) as hub, client(hub, hub.token("octo")) as api:
        status, _, _ = api.requester.requestJson("GET", "/nowhere")
        assert status == 501


def test_violation_fails_the_test_when_the_server_stops(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"(?s)description:\nGET /nowhere: the emulator"):
        ask_for_what_github_has_not(tmp_path)


def test_failure_of_the_emulator_itself_is_told(
    drifting: Hub, api: Github, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(_represent, "label", broken)
    with pytest.raises(GithubException):
        api.get_repo("octo/tuf").create_label("a", "ffffff")

    assert "ZeroDivisionError" in drifting.violations[-1]


def test_status_that_the_operation_does_not_have_is_a_problem() -> None:
    found = [*Operation("GET", REPO).answer_problems(418, {"message": "teapot"})]

    assert found == ["answer 418 is none of 200, 301, 403, 404"]


def test_body_where_there_is_none_is_a_problem() -> None:
    found = [*Operation("DELETE", f"{REPO}/labels/{{name}}").answer_problems(204, {})]

    assert found == ["answer 204 has a body, and should have none"]


def test_every_route_is_an_operation_of_github() -> None:
    paths = _openapi.document()["paths"]
    named = [(route.operation.template, route.operation.method.lower()) for route in ROUTES]

    assert [pair for pair in named if pair[1] not in paths.get(pair[0], {})] == []
    assert len(named) > 60


def start_and_stop(folder: Path) -> None:
    with serve(folder):
        pass


def test_missing_description_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_openapi, "DESCRIPTION", tmp_path / "api.json")

    _openapi.document.cache_clear()
    with pytest.raises(NoDescription, match=r"api\.json is missing .*: run `make tools`"):
        start_and_stop(tmp_path)
