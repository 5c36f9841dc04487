"""REST operations on branches, refs, and what protects them."""

import fnmatch
from typing import Any

from tests.support.github import _objects, _pulls, _represent
from tests.support.github._example import described
from tests.support.github._router import Answer, Call, Refused, not_found, route
from tests.support.github._state import Protection, Ruleset

_REPO = "/repos/{owner}/{repo}"
_BRANCH = f"{_REPO}/branches/{{branch}}"


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
    branch = name.removeprefix("refs/heads/")
    if branch in it.protections and call.known.kind != "personal":
        raise Refused(422, "Changes must be made through a pull request.")
    old = _objects.sha_of(it.git_dir, name)
    _objects.move(it.git_dir, name, sha)
    if branch != name:
        actor = _pulls.Actor(call.login, call.known.kind)
        _pulls.follow(call.hub, it, branch, old, sha, actor)


@route("GET", f"{_REPO}/branches", needs="contents:read")
def branches(call: Call) -> Answer:
    it = call.repository
    found = {
        name.removeprefix("refs/heads/"): sha
        for name, sha in _objects.refs(it.git_dir, "refs/heads/").items()
    }
    wanted = call.query.get("protected")
    names = [
        name
        for name in sorted(found)
        if wanted is None or (name in it.protections) == (wanted == "true")
    ]
    return call.page(names, lambda name: _branch(call, name, found[name]))


@route("GET", _BRANCH, needs="contents:read")
def branch(call: Call) -> Answer:
    it, name = call.repository, call.path["branch"]
    sha = _objects.branch_sha(it.git_dir, name)
    if sha is None:
        raise Refused(404, "Branch not found")
    url = f"{_represent.api(call.hub, it)}/branches/{name}"
    body = described(
        "branch-with-protection",
        **{
            **_branch(call, name, sha),
            "commit": _represent.commit(call.hub, it, sha),
            "_links": {"self": url, "html": f"{call.hub.url}/{it.full_name}/tree/{name}"},
        },
    )
    return Answer(200, body)


def _branch(call: Call, name: str, sha: str) -> dict[str, Any]:
    it = call.repository
    url = _represent.api(call.hub, it)
    protection = it.protections.get(name)
    more = {"protection": _shown(call, name, protection) if protection else {"enabled": False}}
    return described(
        "short-branch",
        name=name,
        commit={"sha": sha, "url": f"{url}/commits/{sha}"},
        protected=protection is not None,
        protection_url=f"{url}/branches/{name}/protection",
        **more,
    )


@route("GET", f"{_BRANCH}/protection", needs="administration:read")
def protection(call: Call) -> Answer:
    name = call.path["branch"]
    found = call.repository.protections.get(name)
    if found is None:
        raise Refused(404, "Branch not protected")
    return Answer(200, _shown(call, name, found))


@route("PUT", f"{_BRANCH}/protection", needs="administration:write")
def protect(call: Call) -> Answer:
    it, name, body = call.repository, call.path["branch"], call.body
    if _objects.branch_sha(it.git_dir, name) is None:
        raise Refused(404, "Branch not found")
    checks = body["required_status_checks"] or {}
    reviews = body["required_pull_request_reviews"]
    restrictions = body["restrictions"]
    it.protections[name] = Protection(
        checks=_contexts(checks),
        strict=checks.get("strict", False),
        reviews=None if reviews is None else reviews.get("required_approving_review_count", 1),
        pushers=None if restrictions is None else tuple(restrictions["users"]),
        enforce_admins=bool(body["enforce_admins"]),
        allow_force_pushes=bool(body.get("allow_force_pushes")),
        allow_deletions=bool(body.get("allow_deletions")),
    )
    return Answer(200, _shown(call, name, it.protections[name], schema="protected-branch"))


def _contexts(checks: dict[str, Any]) -> tuple[str, ...]:
    named = [each["context"] for each in checks.get("checks", ())]
    return tuple(dict.fromkeys([*checks.get("contexts", ()), *named]))


def _shown(
    call: Call, name: str, it: Protection, *, schema: str = "branch-protection"
) -> dict[str, Any]:
    url = f"{_represent.api(call.hub, call.repository)}/branches/{name}/protection"
    more: dict[str, Any] = {}
    if it.checks or it.strict:
        checks = [{"context": each, "app_id": None} for each in it.checks]
        more["required_status_checks"] = {
            "url": f"{url}/required_status_checks",
            "strict": it.strict,
            "contexts": list(it.checks),
            "contexts_url": f"{url}/required_status_checks/contexts",
            "checks": checks,
        }
    if it.reviews is not None:
        more["required_pull_request_reviews"] = {
            "url": f"{url}/required_pull_request_reviews",
            "dismiss_stale_reviews": False,
            "require_code_owner_reviews": False,
            "required_approving_review_count": it.reviews,
        }
    if it.pushers is not None:
        more["restrictions"] = _restrictions(call, url, it.pushers)
    return described(
        schema,
        url=url,
        enforce_admins={"url": f"{url}/enforce_admins", "enabled": it.enforce_admins},
        allow_force_pushes={"enabled": it.allow_force_pushes},
        allow_deletions={"enabled": it.allow_deletions},
        **more,
    )


def _restrictions(call: Call, url: str, pushers: tuple[str, ...]) -> dict[str, Any]:
    return described(
        "branch-restriction-policy",
        url=f"{url}/restrictions",
        users=[_represent.user(call.hub, login) for login in pushers],
    )


@route("GET", f"{_REPO}/rulesets", needs="metadata:read")
def rulesets(call: Call) -> Answer:
    return call.page(list(call.repository.rulesets.values()), lambda one: _ruleset(call, one))


@route("GET", f"{_REPO}/rulesets/{{ruleset_id}}", needs="metadata:read")
def ruleset(call: Call) -> Answer:
    number = call.path["ruleset_id"]
    found = call.repository.rulesets.get(int(number)) if number.isdecimal() else None
    if found is None:
        raise not_found()
    conditions = {"ref_name": {"include": list(found.include), "exclude": list(found.exclude)}}
    more = {"conditions": conditions, "rules": [dict(rule) for rule in found.rules]}
    return Answer(200, {**_ruleset(call, found), **more})


def _ruleset(call: Call, one: Ruleset) -> dict[str, Any]:
    return described(
        "repository-ruleset",
        id=one.id,
        name=one.name,
        target=one.target,
        source_type="Repository",
        source=call.repository.full_name,
        enforcement=one.enforcement,
    )


@route("GET", f"{_REPO}/rules/branches/{{branch}}", needs="metadata:read")
def rules(call: Call) -> Answer:
    it, name = call.repository, call.path["branch"]
    source = {"ruleset_source_type": "Repository", "ruleset_source": it.full_name}
    found = [
        {**rule, **source, "ruleset_id": one.id}
        for one in it.rulesets.values()
        if one.enforcement == "active" and _covers(one, name, it.default_branch)
        for rule in one.rules
    ]
    return call.page(found, lambda rule: rule)


def _covers(one: Ruleset, branch: str, default: str) -> bool:
    def matches(pattern: str) -> bool:
        if pattern == "~DEFAULT_BRANCH":
            return branch == default
        return pattern == "~ALL" or fnmatch.fnmatchcase(f"refs/heads/{branch}", pattern)

    included = one.target == "branch" and any(map(matches, one.include))
    return included and not any(map(matches, one.exclude))
