"""REST operations on pull requests."""

from collections.abc import Callable

from tests.support.github import _merging, _objects, _pulls, _represent, _represent_issues
from tests.support.github._rest_issues import change_text_and_state, in_order
from tests.support.github._router import Answer, Call, Refused, invalid, route
from tests.support.github._state import Issue, Pull, Repository

_REPO = "/repos/{owner}/{repo}"
_PULL = f"{_REPO}/pulls/{{pull_number}}"
_READ = "pull_requests:read"
_WRITE = "pull_requests:write"


@route("GET", f"{_REPO}/pulls", needs=_READ)
def pulls(call: Call) -> Answer:
    found = [
        issue
        for issue in call.repository.issues.values()
        if issue.pull and _wanted(call, issue, issue.pull)
    ]
    return call.page(in_order(call, found), _show_simple(call))


def _wanted(call: Call, issue: Issue, pull: Pull) -> bool:
    query = call.query
    owner = (pull.head_repository or "").partition("/")[0]
    return (
        query.get("state", "open") in {"all", issue.state}
        and query.get("base", pull.base) == pull.base
        # GitHub ignores a head without an owner.
        and (":" not in query.get("head", "") or query["head"] == f"{owner}:{pull.head}")
    )


@route("POST", f"{_REPO}/pulls", needs=_WRITE, readers=True)
def create(call: Call) -> Answer:
    it, base = call.repository, call.body["base"]
    source, head = _source(call)
    _demand_difference(call, source, head, base)
    issue = _pulls.opened(
        call.hub,
        it,
        source,
        head=head,
        base=base,
        actor=_actor(call),
        text=(call.body["title"], call.body.get("body")),
        draft=call.body.get("draft", False),
    )
    return Answer(201, _shown(call, issue))


def _source(call: Call) -> tuple[Repository, str]:
    """Return the repository and the branch that the body's `head` names."""
    owner, _, branch = call.body["head"].rpartition(":")
    it = call.repository
    named = call.body.get("head_repo")
    for each in call.hub.repositories.values():
        same = each is it or each.parent == it.full_name
        if same and each.owner == (owner or it.owner) and named in {None, each.name}:
            return each, branch
    raise invalid("PullRequest", code="invalid", field="head")


def _demand_difference(call: Call, source: Repository, head: str, base: str) -> None:
    it = call.repository
    head_sha = _objects.branch_sha(source.git_dir, head)
    base_sha = _objects.branch_sha(it.git_dir, base)
    for field, sha in (("head", head_sha), ("base", base_sha)):
        if sha is None:
            raise invalid("PullRequest", code="invalid", field=field)
    for _issue, pull in it.open_pulls():
        if (pull.head_repository, pull.head, pull.base) == (source.full_name, head, base):
            said = f"A pull request already exists for {source.owner}:{head}."
            raise invalid("PullRequest", message=said)
    if head_sha == base_sha or _is_behind(it, source, head, base):
        raise invalid("PullRequest", message=f"No commits between {base} and {head}")


def _is_behind(it: Repository, source: Repository, head: str, base: str) -> bool:
    """Return whether the base has all of the head; a fork's branch is looked at where it is."""
    head_sha = _objects.branch_sha(source.git_dir, head) or ""
    return _objects.is_ancestor(it.git_dir, head_sha, f"refs/heads/{base}")


@route("GET", _PULL, needs=_READ)
def get(call: Call) -> Answer:
    return Answer(200, _shown(call, call.issue))


@route("PATCH", _PULL, needs=_WRITE, readers=True)
def update(call: Call) -> Answer:
    issue, pull = call.issue, _pull(call)
    call.demand_author(issue.author)
    was = issue.state
    if call.body.get("state") == "open" != was:
        _demand_reopenable(call, pull)
    change_text_and_state(call, issue)
    pull.base = call.body.get("base", pull.base)
    if was == "closed" != issue.state:
        _pulls.announce(call.hub, call.repository, issue, "reopened", _actor(call))
    return Answer(200, _shown(call, issue))


def _demand_reopenable(call: Call, pull: Pull) -> None:
    source = call.hub.repositories.get(pull.head_repository or "")
    if pull.merged or source is None or not _objects.branch_sha(source.git_dir, pull.head):
        said = "state cannot be changed. The branch was merged, deleted or recreated."
        raise invalid("PullRequest", field="state", message=said)


@route("GET", f"{_PULL}/merge", needs=_READ)
def is_merged(call: Call) -> Answer:
    return Answer(204) if _pull(call).merged else Answer(404, {"message": "Not Found"})


@route("PUT", f"{_PULL}/merge", needs="contents:write")
def merge(call: Call) -> Answer:
    body = call.body or {}
    sha = _merging.merge(
        call.hub,
        call.repository,
        call.issue,
        _actor(call),
        _merging.Wish(
            sha=body.get("sha"),
            method=body.get("merge_method", "merge"),
            title=body.get("commit_title"),
            message=body.get("commit_message"),
        ),
    )
    merged = {"sha": sha, "merged": True, "message": "Pull Request successfully merged"}
    return Answer(200, merged)


@route("GET", f"{_PULL}/requested_reviewers", needs=_READ)
def reviewers(call: Call) -> Answer:
    users = [_represent.user(call.hub, login) for login in _pull(call).reviewers]
    return Answer(200, {"users": users, "teams": []})


@route("POST", f"{_PULL}/requested_reviewers", needs=_WRITE)
def request_reviewers(call: Call) -> Answer:
    wanted, it = (call.body or {}).get("reviewers", []), call.repository
    if call.issue.author in wanted:
        raise Refused(422, "Review cannot be requested from pull request author.")
    if any(login not in {it.owner, *it.collaborators} for login in wanted):
        said = "Reviews may only be requested from collaborators."
        raise Refused(422, f"{said} One or more of the users or teams you specified is not one.")
    pull = _pull(call)
    pull.reviewers += [login for login in wanted if login not in pull.reviewers]
    return Answer(201, _show_simple(call)(call.issue))


@route("DELETE", f"{_PULL}/requested_reviewers", needs=_WRITE)
def remove_reviewers(call: Call) -> Answer:
    pull = _pull(call)
    pull.reviewers = [each for each in pull.reviewers if each not in call.body["reviewers"]]
    return Answer(200, _show_simple(call)(call.issue))


@route("GET", f"{_PULL}/commits", needs=_READ)
def commits(call: Call) -> Answer:
    it, pull = call.repository, _pull(call)
    base = _objects.merge_base(it.git_dir, pull.base_sha, pull.head_sha) or pull.base_sha
    found = _objects.between(it.git_dir, base, pull.head_sha)
    return call.page(found, lambda sha: _represent.commit(call.hub, it, sha))


def _pull(call: Call) -> Pull:
    pull = call.issue.pull
    assert pull is not None  # `Call.issue` answers 404 for an issue
    return pull


def _actor(call: Call) -> _pulls.Actor:
    return _pulls.Actor(call.login, call.known.kind)


def _shown(call: Call, issue: Issue) -> object:
    """Return all of a pull request, with whether it can be merged."""
    it, pull = call.repository, issue.pull
    assert pull is not None
    mergeable, mergeable_state = _merging.mergeable(it, issue)
    return _represent_issues.pull(
        call.hub,
        it,
        issue,
        "pull-request",
        merged=pull.merged is not None,
        merged_by=_represent.user(call.hub, pull.merged_by) if pull.merged_by else None,
        mergeable=mergeable,
        mergeable_state=mergeable_state,
        comments=len(issue.comments),
        commits=len(_objects.between(it.git_dir, pull.base_sha, pull.head_sha)),
        maintainer_can_modify=pull.maintainer_can_modify,
    )


def _show_simple(call: Call) -> Callable[[Issue], object]:
    it = call.repository
    return lambda issue: _represent_issues.pull(call.hub, it, issue, "pull-request-simple")
