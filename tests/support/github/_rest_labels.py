"""REST operations on labels, and on which labels an issue or a pull request has."""

from collections.abc import Sequence
from typing import Any

from tests.support.github import _represent
from tests.support.github._router import Answer, Call, invalid, not_found, route
from tests.support.github._state import Label, Repository, State

_REPO = "/repos/{owner}/{repo}"
_READ = "issues:read|pull_requests:read"
_WRITE = "issues:write|pull_requests:write"


@route("GET", f"{_REPO}/labels", needs=_READ)
def labels(call: Call) -> Answer:
    return call.page(list(call.repository.labels.values()), lambda one: _show(call, one))


@route("POST", f"{_REPO}/labels", needs=_WRITE)
def create(call: Call) -> Answer:
    name = call.body["name"]
    if _known(call.repository, name):
        raise invalid("Label", code="already_exists", field="name")
    label = _add(call.hub, call.repository, name)
    label.color = call.body.get("color", label.color)
    label.description = call.body.get("description")
    return Answer(201, _show(call, label))


@route("GET", f"{_REPO}/labels/{{name}}", needs=_READ)
def get(call: Call) -> Answer:
    return Answer(200, _show(call, _named(call)))


@route("PATCH", f"{_REPO}/labels/{{name}}", needs=_WRITE)
def update(call: Call) -> Answer:
    label = _named(call)
    label.color = call.body.get("color", label.color)
    label.description = call.body.get("description", label.description)
    return Answer(200, _show(call, label))


@route("DELETE", f"{_REPO}/labels/{{name}}", needs=_WRITE)
def delete(call: Call) -> Answer:
    label = _named(call)
    del call.repository.labels[label.name]
    for issue in call.repository.issues.values():
        issue.labels = [name for name in issue.labels if name != label.name]
    return Answer(204)


@route("GET", f"{_REPO}/issues/{{issue_number}}/labels", needs=_READ)
def of_issue(call: Call) -> Answer:
    it = call.repository
    return call.page([it.labels[name] for name in call.issue.labels], lambda one: _show(call, one))


@route("POST", f"{_REPO}/issues/{{issue_number}}/labels", needs=_WRITE)
def add(call: Call) -> Answer:
    wanted = named(call.hub, call.repository, _names(call.body))
    call.issue.labels += [name for name in wanted if name not in call.issue.labels]
    return Answer(200, _of(call))


@route("PUT", f"{_REPO}/issues/{{issue_number}}/labels", needs=_WRITE)
def replace(call: Call) -> Answer:
    call.issue.labels = named(call.hub, call.repository, _names(call.body))
    return Answer(200, _of(call))


@route("DELETE", f"{_REPO}/issues/{{issue_number}}/labels", needs=_WRITE)
def clear(call: Call) -> Answer:
    call.issue.labels = []
    return Answer(204)


@route("DELETE", f"{_REPO}/issues/{{issue_number}}/labels/{{name}}", needs=_WRITE)
def remove(call: Call) -> Answer:
    label = _known(call.repository, call.path["name"])
    if label is None or label.name not in call.issue.labels:
        raise not_found()
    call.issue.labels.remove(label.name)
    return Answer(200, _of(call))


def named(state: State, it: Repository, wanted: Sequence[Any]) -> list[str]:
    """Return the labels' names as the repository spells them; new ones are added, as on GitHub."""
    names = [each["name"] if isinstance(each, dict) else each for each in wanted]
    return [(_known(it, name) or _add(state, it, name)).name for name in dict.fromkeys(names)]


def _names(body: Any) -> list[str]:  # noqa: ANN401 - an object or a list
    names: list[str] = body["labels"] if isinstance(body, dict) else body
    return names


def _add(state: State, it: Repository, name: str) -> Label:
    it.labels[name] = Label(id=state.next_id(), name=name)
    return it.labels[name]


def _known(it: Repository, name: str) -> Label | None:
    wanted = name.casefold()
    return next((each for each in it.labels.values() if each.name.casefold() == wanted), None)


def _named(call: Call) -> Label:
    found = _known(call.repository, call.path["name"])
    if found is None:
        raise not_found()
    return found


def _of(call: Call) -> list[object]:
    return [_show(call, call.repository.labels[name]) for name in call.issue.labels]


def _show(call: Call, label: Label) -> object:
    return _represent.label(call.hub, call.repository, label)
