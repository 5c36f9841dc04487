"""REST operations of GitHub Apps: who an app is, where it is installed, and a token for it."""

from datetime import timedelta

from tests.support.github import _represent
from tests.support.github._access import app_of
from tests.support.github._example import described
from tests.support.github._router import Answer, Call, Refused, not_found, route
from tests.support.github._state import App

_LIFE = timedelta(hours=1)


@route("GET", "/app")
def app(call: Call) -> Answer:
    found = app_of(call)
    body = described(
        "integration",
        id=found.id,
        node_id=f"A_{found.id}",
        slug=found.slug,
        name=found.slug,
        owner=_represent.user(call.hub, _owner(found)),
        permissions=dict(found.permissions),
        html_url=f"{call.hub.url}/apps/{found.slug}",
    )
    return Answer(200, body)


@route("GET", "/repos/{owner}/{repo}/installation")
def installation(call: Call) -> Answer:
    found = app_of(call)
    if found.repository != call.repository.full_name:
        raise not_found()
    url = f"{call.hub.api_url}/app/installations/{found.installation}"
    body = described(
        "installation",
        id=found.installation,
        app_id=found.id,
        app_slug=found.slug,
        account=_represent.user(call.hub, _owner(found)),
        repository_selection="selected",
        access_tokens_url=f"{url}/access_tokens",
        repositories_url=f"{call.hub.api_url}/installation/repositories",
        permissions=dict(found.permissions),
        target_type="User",
    )
    return Answer(200, body)


@route("POST", "/app/installations/{installation_id}/access_tokens")
def access_token(call: Call) -> Answer:
    found = app_of(call)
    if call.path["installation_id"] != str(found.installation):
        raise not_found()
    wanted = (call.body or {}).get("permissions") or dict(found.permissions)
    if any(found.permissions.get(name) not in {level, "write"} for name, level in wanted.items()):
        raise Refused(422, "The permissions requested are not granted to this installation.")
    value = call.hub.token(found.login, repository=found.repository, permissions=wanted, kind="app")
    expires = call.hub.now() + _LIFE
    call.hub.tokens[value].expires = expires
    body = {
        "token": value,
        "expires_at": _represent.stamp(expires),
        "permissions": wanted,
        "repository_selection": "selected",
    }
    return Answer(201, body)


def _owner(found: App) -> str:
    return found.repository.partition("/")[0]
