"""REST operations on a repository, the people in it, and who is asking."""

from tests.support.github import _represent
from tests.support.github._example import described
from tests.support.github._router import Answer, Call, Refused, not_found, route
from tests.support.github._state import Role

_REPO = "/repos/{owner}/{repo}"


@route("GET", _REPO, needs="metadata:read")
def repository(call: Call) -> Answer:
    it = call.repository
    parent = call.hub.repositories.get(it.parent or "")
    shown = parent and _represent.repository(call.hub, parent, "repository")
    more: dict[str, object] = {"parent": shown, "source": shown} if shown else {}
    permissions = _represent.permissions(it.role(call.login))
    if call.hub.may(call.known, it, "contents", "write"):
        more |= {
            "allow_merge_commit": it.allow_merge_commit,
            "delete_branch_on_merge": it.delete_branch_on_merge,
        }
    body = _represent.repository(call.hub, it, "full-repository", permissions=permissions, **more)
    return Answer(200, body)


@route("GET", "/rate_limit")
def rate_limit(call: Call) -> Answer:
    left = {"limit": 5000, "remaining": 4999, "used": 1, "reset": int(call.hub.now().timestamp())}
    resources = {"core": left, "search": left}
    return Answer(200, described("rate-limit-overview", resources=resources, rate=left))


@route("GET", "/user")
def user(call: Call) -> Answer:
    if call.known.kind != "personal":
        raise Refused(403, "Resource not accessible by integration")
    return Answer(
        200, _represent.user(call.hub, call.login, "private-user", user_view_type="private")
    )


@route("GET", "/users/{username}")
def named_user(call: Call) -> Answer:
    if call.path["username"] not in call.hub.users:
        raise not_found()
    view = {"user_view_type": "public"}
    return Answer(200, _represent.user(call.hub, call.path["username"], "public-user", **view))


@route("GET", f"{_REPO}/collaborators", needs="metadata:read")
def collaborators(call: Call) -> Answer:
    it = call.repository

    def show(login: str) -> object:
        role = it.role(login)
        more = {"permissions": _represent.permissions(role), "role_name": role}
        return _represent.user(call.hub, login, "collaborator", **more)

    return call.page([it.owner, *it.collaborators], show)


@route("GET", f"{_REPO}/collaborators/{{username}}", needs="metadata:read")
def is_collaborator(call: Call) -> Answer:
    login = call.path["username"]
    if login not in {call.repository.owner, *call.repository.collaborators}:
        raise not_found()
    return Answer(204)


@route("GET", f"{_REPO}/collaborators/{{username}}/permission", needs="metadata:read")
def permission(call: Call) -> Answer:
    login = call.path["username"]
    if login not in call.hub.users:
        raise not_found()
    role = call.repository.role(login)
    # The old four words; the exact role is `role_name`.
    simple = {Role.MAINTAIN: "write", Role.TRIAGE: "read"}.get(role, role)
    more = {"permissions": _represent.permissions(role), "role_name": role}
    shown = _represent.user(call.hub, login, "collaborator", **more)
    return Answer(200, {"permission": simple, "role_name": role, "user": shown})


@route("GET", f"{_REPO}/pages", needs="pages:read")
def pages(call: Call) -> Answer:
    it = call.repository
    if it.pages is None:
        raise not_found()
    body = described(
        "page",
        url=f"{_represent.api(call.hub, it)}/pages",
        html_url=f"{call.hub.url}/pages/{it.full_name}/",
        status="built",
        build_type=it.pages.source,
        source={"branch": it.pages.branch, "path": "/"},
        public=True,
        https_enforced=it.pages.https,
    )
    return Answer(200, body)
