"""REST operations on commits and their statuses."""

from tests.support.github import _objects, _represent, _represent_issues
from tests.support.github._router import Answer, Call, Refused, not_found, route
from tests.support.github._state import Status

_REPO = "/repos/{owner}/{repo}"
_MOST = 1000  # statuses of one context and commit


@route("POST", f"{_REPO}/statuses/{{sha}}", needs="statuses:write")
def create(call: Call) -> Answer:
    it, sha = call.repository, call.path["sha"]
    if _objects.sha_of(it.git_dir, sha) != sha:
        raise Refused(422, f"No commit found for SHA: {sha}")
    context = call.body.get("context", "default")
    same = [one for one in it.statuses if (one.sha, one.context) == (sha, context)]
    if len(same) >= _MOST:
        raise Refused(422, "This SHA and context has reached the maximum number of statuses.")
    status = Status(
        id=call.hub.next_id(),
        sha=sha,
        context=context,
        state=call.body["state"],
        description=call.body.get("description"),
        target_url=call.body.get("target_url"),
        creator=call.login,
        created=call.hub.now(),
    )
    it.statuses.append(status)
    return Answer(201, _represent.status(call.hub, it, status))


@route(
    "GET",
    f"{_REPO}/commits/{{ref}}/statuses",
    needs="statuses:read",
    at=f"{_REPO}/statuses/{{ref}}",
)
@route("GET", f"{_REPO}/commits/{{ref}}/statuses", needs="statuses:read")
def statuses(call: Call) -> Answer:
    it, sha = call.repository, _sha(call)
    found = [one for one in reversed(it.statuses) if one.sha == sha]
    return call.page(found, lambda one: _represent.status(call.hub, it, one))


@route("GET", f"{_REPO}/commits/{{ref}}/status", needs="statuses:read")
def combined(call: Call) -> Answer:
    return Answer(200, _represent.combined_status(call.hub, call.repository, _sha(call)))


@route("GET", f"{_REPO}/commits/{{ref}}", needs="contents:read")
def commit(call: Call) -> Answer:
    return Answer(200, _represent.commit(call.hub, call.repository, _sha(call)))


@route("GET", f"{_REPO}/commits/{{commit_sha}}/pulls", needs="pull_requests:read|contents:read")
def pulls_with(call: Call) -> Answer:
    """Answer the pull requests whose branch holds the commit, or that it was merged by."""
    it, sha = call.repository, call.path["commit_sha"]
    if _objects.sha_of(it.git_dir, sha) is None:
        raise Refused(422, f"No commit found for SHA: {sha}")
    found = []
    for issue in it.issues.values():
        pull = issue.pull
        if pull and (
            pull.merge_commit == sha
            or sha in _objects.between(it.git_dir, pull.base_sha, pull.head_sha)
        ):
            found.append(issue)
    return call.page(
        found, lambda one: _represent_issues.pull(call.hub, it, one, "pull-request-simple")
    )


def _sha(call: Call) -> str:
    """Return the commit that the path names by branch, tag or hash."""
    it, ref = call.repository, call.path["ref"]
    for name in (f"refs/heads/{ref}", f"refs/tags/{ref}", f"refs/{ref}", ref):
        sha = _objects.sha_of(it.git_dir, name)
        if sha:
            return sha
    raise not_found()
