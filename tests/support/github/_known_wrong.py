"""Where GitHub's description of its API is known to be wrong, each with the reason."""

from collections.abc import Callable, Mapping
from typing import Any

_REPO = "/repos/{owner}/{repo}"

# Statuses that an operation answers, and that the description leaves out.
UNLISTED: Mapping[tuple[str, str], int] = {
    ("POST", f"{_REPO}/statuses/{{sha}}"): 422,  # "No commit found for SHA"
    ("GET", f"{_REPO}/commits/{{commit_sha}}/pulls"): 422,  # the same
    ("POST", f"{_REPO}/actions/workflows/{{workflow_id}}/dispatches"): 422,  # "No ref found for"
}


def as_described(method: str, template: str, body: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return the body in the form that the description knows, if GitHub takes another one too."""
    change = _BODIES.get((method, template))
    return change(body) if change else body


def is_nullable_choice(error: Any) -> bool:  # noqa: ANN401 - jsonschema has no types
    """Return whether null is refused by a list of values that is nullable, and leaves null out.

    OpenAPI 3.0.3 wants null in the list too; 69 of GitHub's lists have it not, and GitHub sends it.
    """
    nullable = isinstance(error.schema, Mapping) and error.schema.get("nullable") is True
    return nullable and error.validator == "enum" and error.instance is None


def _labels(body: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Labels may be sent as an array, says the text; the schema knows the object only."""
    return {"labels": body} if isinstance(body, list) else body


def _protection(body: Any) -> Any:  # noqa: ANN401 - any JSON value
    """PyGithub sends null for every switch it leaves alone, and `checks` without `contexts`.

    Null means "as before" to GitHub, though not all switches are described as nullable; and the
    text calls `contexts`, which the schema requires, closing down in favour of `checks`.
    """
    if not isinstance(body, dict):
        return body
    given = {name: value for name, value in body.items() if value is not None or name in _NULLABLE}
    checks = given.get("required_status_checks")
    if isinstance(checks, dict) and "checks" in checks:
        given["required_status_checks"] = {"contexts": [], **checks}
    return given


_NULLABLE = frozenset(
    {
        "required_status_checks",
        "enforce_admins",
        "required_pull_request_reviews",
        "restrictions",
    }
)
_BODIES: Mapping[tuple[str, str], Callable[[Any], Any]] = {
    ("POST", f"{_REPO}/issues/{{issue_number}}/labels"): _labels,
    ("PUT", f"{_REPO}/issues/{{issue_number}}/labels"): _labels,
    ("PUT", f"{_REPO}/branches/{{branch}}/protection"): _protection,
}
