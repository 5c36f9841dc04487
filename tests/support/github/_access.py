"""Who sends a request, and whether they may: tokens, apps' signed claims, permissions."""

import jwt
from tests.support.github._router import Call, Refused, Route, not_found
from tests.support.github._state import App, Issue, Repository, Role, State, Token


def token_of(state: State, authorization: str | None) -> Token | None:
    """Return the token in the header, None without one; refuse one that is unknown or over."""
    value = bearer(authorization)
    if not value or value.count(".") == 2:
        return None
    token = state.tokens.get(value)
    if token is None or (token.expires and token.expires <= state.now()):
        raise Refused(401, "Bad credentials")
    return token


def bearer(authorization: str | None) -> str:
    """Return what follows "token" or "Bearer"."""
    return (authorization or "").partition(" ")[2]


def app_of(call: Call) -> App:
    """Return the app whose key signed the claim that the call bears."""
    try:
        claimed = jwt.decode(call.bearer, options={"verify_signature": False})
        app = call.hub.apps[int(claimed["iss"])]
        jwt.decode(call.bearer, app.public_key_pem, algorithms=["RS256"])
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise Refused(401, "A JSON web token could not be decoded") from None
    return app


def check(call: Call, route: Route) -> None:
    """Refuse what the token may not do; whoever may not read a repository does not see it."""
    if "owner" not in call.path or not route.needs:
        return
    repository = call.repository
    token = call.known
    if not call.hub.may(token, repository, "metadata", "read"):
        raise not_found()
    needs = _needs(route, call)
    if any(_may(call.hub, token, repository, each, route) for each in needs):
        return
    raise Refused(403, _refusal(token), X_Accepted_GitHub_Permissions=route.accepted)


def _needs(route: Route, call: Call) -> list[tuple[str, str]]:
    """Return the permissions of which one is enough; what is about issues is not for pulls."""
    issue = _issue(call)
    if issue is None or issue.pull:
        return list(route.needs)
    return [pair for pair in route.needs if pair[0] != "pull_requests"] or list(route.needs)


def _issue(call: Call) -> Issue | None:
    number = call.path.get("issue_number", "")
    return call.repository.issues.get(int(number)) if number.isdecimal() else None


def _may(
    state: State, token: Token, repository: Repository, need: tuple[str, str], route: Route
) -> bool:
    role = Role.READ if route.readers else None
    return state.may(token, repository, *need, role=role)


def _refusal(token: Token) -> str:
    if token.kind != "personal":
        return "Resource not accessible by integration"
    if token.permissions is not None:
        return "Resource not accessible by personal access token"
    return "Must have admin rights to Repository."
