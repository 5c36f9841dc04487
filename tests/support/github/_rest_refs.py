"""REST operations on refs."""

from tests.support.github import _git_rules, _objects, _pulls, _represent
from tests.support.github._router import Answer, Call, Refused, not_found, route

_REPO = "/repos/{owner}/{repo}"


@route("GET", f"{_REPO}/git/ref/{{ref}}", needs="contents:read")
def ref(call: Call) -> Answer:
    name = f"refs/{call.path['ref']}"
    sha = _objects.sha_of(call.repository.git_dir, name)
    if sha is None:
        raise not_found()
    return Answer(200, _represent.git_ref(call.hub, call.repository, name, sha))


@route("GET", f"{_REPO}/git/matching-refs/{{ref}}", needs="contents:read")
def matching_refs(call: Call) -> Answer:
    it = call.repository
    found = _objects.refs(it.git_dir, f"refs/{call.path['ref']}")
    return call.page(
        sorted(found), lambda name: _represent.git_ref(call.hub, it, name, found[name])
    )


@route("POST", f"{_REPO}/git/refs", needs="contents:write")
def create_ref(call: Call) -> Answer:
    name, sha = call.body["ref"], call.body["sha"]
    if not name.startswith("refs/") or name.count("/") < 2:
        raise Refused(422, "Reference name must start with 'refs/' and have two slashes")
    if _objects.sha_of(call.repository.git_dir, name):
        raise Refused(422, "Reference already exists")
    _demand_commit(call, sha)
    _move(call, name, sha)
    return Answer(201, _represent.git_ref(call.hub, call.repository, name, sha))


@route("PATCH", f"{_REPO}/git/refs/{{ref}}", needs="contents:write")
def update_ref(call: Call) -> Answer:
    name, sha = f"refs/{call.path['ref']}", call.body["sha"]
    old = _objects.sha_of(call.repository.git_dir, name)
    if old is None:
        raise Refused(422, "Reference does not exist")
    _demand_commit(call, sha)
    if not call.body.get("force") and not _objects.is_ancestor(call.repository.git_dir, old, sha):
        raise Refused(422, "Update is not a fast forward")
    _move(call, name, sha)
    return Answer(200, _represent.git_ref(call.hub, call.repository, name, sha))


@route("DELETE", f"{_REPO}/git/refs/{{ref}}", needs="contents:write")
def delete_ref(call: Call) -> Answer:
    name = f"refs/{call.path['ref']}"
    if _objects.sha_of(call.repository.git_dir, name) is None:
        raise Refused(422, "Reference does not exist")
    _move(call, name, None)
    return Answer(204)


def _demand_commit(call: Call, sha: str) -> None:
    if _objects.sha_of(call.repository.git_dir, sha) != sha:
        raise Refused(422, "Object does not exist")


def _move(call: Call, name: str, sha: str | None) -> None:
    it = call.repository
    old = _objects.sha_of(it.git_dir, name)
    update = _git_rules.RefUpdate(ref=name, old=old, new=sha)
    refusals = _git_rules.refusals(it, call.login, update)
    forced = old and sha and not _objects.is_ancestor(it.git_dir, old, sha)
    refusal = _git_rules.forward_only(it, name) if forced else None
    if refusals or refusal:
        raise Refused(422, refusal or "\n".join(refusals))
    _objects.move(it.git_dir, name, sha)
    branch = name.removeprefix("refs/heads/")
    if branch != name:
        actor = _pulls.Actor(call.login, call.known.kind)
        _pulls.follow(call.hub, it, branch, old, sha, actor)
