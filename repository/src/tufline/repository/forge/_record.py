"""A status as JSON, as forges keep it to see what they have shown already."""

import json
from dataclasses import asdict
from typing import Any

from tufline.repository.forge._interface import Act, Ask, CheckVerdict, EventCheck, EventStatus


def status_json(status: EventStatus) -> dict[str, Any]:
    """Return the status as a JSON object."""
    tree: dict[str, Any] = json.loads(json.dumps(asdict(status)))
    return tree


def status_from_json(tree: Any) -> EventStatus | None:  # noqa: ANN401 - whatever JSON somebody wrote
    """Return the status that `status_json` made this of; None if it did not make it."""
    try:
        asks = tuple(map(_ask, tree.pop("asks")))
        signed = tuple((str(role), str(who)) for role, who in tree.pop("signed"))
        checks = tuple(map(check_from_json, tree.pop("checks", ())))
        wanted = tuple(map(str, tree.pop("wanted", ())))
        return EventStatus(**tree, asks=asks, signed=signed, checks=checks, wanted=wanted)
    except (TypeError, ValueError, KeyError, AttributeError):
        return None


def check_json(check: EventCheck) -> dict[str, Any]:
    """Return the check as a JSON object."""
    tree: dict[str, Any] = json.loads(json.dumps(asdict(check)))
    return tree


def check_from_json(tree: Any) -> EventCheck:  # noqa: ANN401 - whatever JSON somebody wrote
    """Return the check that `check_json` made this of; raise one of Python's errors if not."""
    fields = {name: str(tree[name]) for name in ("name", "content", "summary", "text")}
    return EventCheck(**fields, verdict=CheckVerdict(tree["verdict"]))


def _ask(tree: Any) -> Ask:  # noqa: ANN401 - as above
    return Ask(act=Act(tree["act"]), who=str(tree["who"]), role=str(tree["role"]))
