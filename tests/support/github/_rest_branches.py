"""REST operations on branches and their protection."""

from typing import Any

from tests.support.github import _objects, _represent
from tests.support.github._example import described
from tests.support.github._router import Answer, Call, Refused, route
from tests.support.github._state import Protection

_REPO = "/repos/{owner}/{repo}"
_BRANCH = f"{_REPO}/branches/{{branch}}"


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
        code_owners=bool((reviews or {}).get("require_code_owner_reviews")),
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
            "require_code_owner_reviews": it.code_owners,
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
