"""REST operations on issues, which pull requests are too, and on their comments."""

from collections.abc import Callable
from datetime import datetime

from tests.support.github import _pulls, _represent_issues
from tests.support.github._rest_labels import named
from tests.support.github._router import Answer, Call, invalid, not_found, route
from tests.support.github._state import Comment, Issue, Role

_REPO = "/repos/{owner}/{repo}"
_READ = "issues:read|pull_requests:read"
_WRITE = "issues:write|pull_requests:write"


@route("GET", f"{_REPO}/issues", needs=_READ)
def issues(call: Call) -> Answer:
    found = [issue for issue in call.repository.issues.values() if _wanted(call, issue)]
    return call.page(in_order(call, found), _show(call))


@route("POST", f"{_REPO}/issues", needs="issues:write", readers=True)
def create(call: Call) -> Answer:
    it = call.repository
    issue = _pulls.new_issue(call.hub, it, call.login, call.body["title"], call.body.get("body"))
    if it.role(call.login).reaches(Role.TRIAGE) or call.known.kind != "personal":
        issue.labels = named(call.hub, it, call.body.get("labels", []))
        issue.assignees = _assignees(call)
    return Answer(201, _show(call)(issue))


@route("GET", f"{_REPO}/issues/{{issue_number}}", needs=_READ)
def get(call: Call) -> Answer:
    return Answer(200, _show(call)(call.issue))


@route("PATCH", f"{_REPO}/issues/{{issue_number}}", needs=_WRITE, readers=True)
def update(call: Call) -> Answer:
    issue = call.issue
    call.demand_author(issue.author)
    change_text_and_state(call, issue)
    if "labels" in call.body:
        issue.labels = named(call.hub, call.repository, call.body["labels"])
    if {"assignee", "assignees"} & call.body.keys():
        issue.assignees = _assignees(call)
    return Answer(200, _show(call)(issue))


def _assignees(call: Call) -> list[str]:
    one = call.body.get("assignee")
    return list(call.body.get("assignees", [one] if one else []))


def change_text_and_state(call: Call, issue: Issue) -> None:
    """Do what the body says to `title`, `body` and `state`."""
    issue.title = call.body.get("title", issue.title)
    issue.body = call.body.get("body", issue.body)
    issue.updated = call.hub.now()
    wanted = call.body.get("state", issue.state)
    if wanted == "closed" != issue.state:
        _pulls.close(call.hub, issue, call.login)
        issue.state_reason = None if issue.pull else call.body.get("state_reason") or "completed"
    elif wanted == "open" != issue.state:
        issue.state, issue.closed, issue.closed_by = "open", None, None
        issue.state_reason = None if issue.pull else "reopened"


@route("GET", f"{_REPO}/issues/{{issue_number}}/comments", needs=_READ)
def comments(call: Call) -> Answer:
    issue = call.issue
    return call.page(issue.comments, _show_comment(call, issue))


@route("POST", f"{_REPO}/issues/{{issue_number}}/comments", needs=_WRITE, readers=True)
def comment(call: Call) -> Answer:
    issue, now = call.issue, call.hub.now()
    if not call.body["body"].strip():
        raise invalid("IssueComment", code="missing_field", field="body")
    written = Comment(
        id=call.hub.next_id(),
        author=call.login,
        body=call.body["body"],
        created=now,
        updated=now,
    )
    issue.comments.append(written)
    issue.updated = now
    return Answer(201, _show_comment(call, issue)(written))


@route("GET", f"{_REPO}/issues/comments/{{comment_id}}", needs=_READ)
def get_comment(call: Call) -> Answer:
    issue, found = _comment(call)
    return Answer(200, _show_comment(call, issue)(found))


@route("PATCH", f"{_REPO}/issues/comments/{{comment_id}}", needs=_WRITE, readers=True)
def edit_comment(call: Call) -> Answer:
    issue, found = _comment(call)
    call.demand_author(found.author)
    found.body, found.updated, found.editor = call.body["body"], call.hub.now(), call.login
    return Answer(200, _show_comment(call, issue)(found))


@route("DELETE", f"{_REPO}/issues/comments/{{comment_id}}", needs=_WRITE, readers=True)
def delete_comment(call: Call) -> Answer:
    issue, found = _comment(call)
    call.demand_author(found.author)
    issue.comments.remove(found)
    return Answer(204)


def _comment(call: Call) -> tuple[Issue, Comment]:
    for issue in call.repository.issues.values():
        for each in issue.comments:
            if str(each.id) == call.path["comment_id"]:
                return issue, each
    raise not_found()


def _show(call: Call) -> Callable[[Issue], object]:
    return lambda issue: _represent_issues.issue(call.hub, call.repository, issue)


def _show_comment(call: Call, issue: Issue) -> Callable[[Comment], object]:
    return lambda comment: _represent_issues.comment(call.hub, call.repository, issue, comment)


def _wanted(call: Call, issue: Issue) -> bool:
    query = call.query
    labels = {name for name in query.get("labels", "").split(",") if name}
    since = query.get("since")
    return (
        query.get("state", "open") in {"all", issue.state}
        and query.get("creator", issue.author) == issue.author
        and labels <= set(issue.labels)
        and (since is None or issue.updated >= datetime.fromisoformat(since))
    )


def in_order(call: Call, found: list[Issue]) -> list[Issue]:
    """Sort as the query asks: by default the newest first."""
    updated = call.query.get("sort") == "updated"

    def key(issue: Issue) -> tuple[datetime, int]:
        return issue.updated if updated else issue.created, issue.number

    return sorted(found, key=key, reverse=call.query.get("direction", "desc") == "desc")
