"""Whether an event starts a workflow: the part of GitHub's filters that our workflows use.

A filter that is not known here is an error, for to leave it out would start what GitHub does not.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tests.support.act._workflow import Workflow
from tests.support.github import WorkflowEvent

_BRANCH: Final = "refs/heads/"
_DEFAULT_TYPES: Final = ("opened", "synchronize", "reopened")
_WILD: Final = {"**": ".*", "*": "[^/]*", "?": "[^/]?"}


def starts(workflow: Workflow, event: WorkflowEvent) -> bool:
    """Return whether GitHub runs the workflow for the event."""
    triggers = workflow.triggers
    if event.name not in triggers:
        return False
    filters = triggers[event.name]
    match event.name:
        case "workflow_dispatch":
            return bool(event.payload["workflow"] == workflow.path)
        case "schedule":
            return event.payload["schedule"] in [each["cron"] for each in filters]
        case "push":
            return _push(filters or {}, event.ref)
        case "pull_request_target":
            return _pull_request(filters or {}, event.payload)
        case unknown:
            raise NotImplementedError(f"{workflow.path}: on {unknown}")


def _push(filters: Mapping[str, Any], ref: str) -> bool:
    _demand_known(filters, "branches", "branches-ignore")
    if not ref.startswith(_BRANCH):
        return not filters
    return _branch(filters, ref.removeprefix(_BRANCH))


def _pull_request(filters: Mapping[str, Any], payload: Mapping[str, Any]) -> bool:
    _demand_known(filters, "branches", "branches-ignore", "types")
    types = filters.get("types", _DEFAULT_TYPES)
    base: str = payload["pull_request"]["base"]["ref"]
    return payload["action"] in types and _branch(filters, base)


def _branch(filters: Mapping[str, Any], branch: str) -> bool:
    if "branches-ignore" in filters:
        return not _matches(filters["branches-ignore"], branch)
    return "branches" not in filters or _matches(filters["branches"], branch)


def _matches(patterns: Iterable[str], branch: str) -> bool:
    """Return whether the last pattern that matches is one that includes."""
    included = False
    for pattern in patterns:
        if _regex(pattern.removeprefix("!")).fullmatch(branch):
            included = not pattern.startswith("!")
    return included


def _regex(pattern: str) -> re.Pattern[str]:
    if set(pattern) & set("[]+\\"):
        raise NotImplementedError(f"the pattern {pattern}")
    parts = re.split(r"(\*\*|\*|\?)", pattern)
    return re.compile("".join(_WILD.get(part, re.escape(part)) for part in parts))


def _demand_known(filters: Mapping[str, Any], *known: str) -> None:
    if unknown := filters.keys() - set(known):
        raise NotImplementedError(f"the filters {', '.join(sorted(unknown))}")
