"""REST operations on rulesets."""

from typing import Any

from tests.support.github import _git_rules
from tests.support.github._example import described
from tests.support.github._router import Answer, Call, not_found, route
from tests.support.github._state import Ruleset

_REPO = "/repos/{owner}/{repo}"


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
    more: dict[str, object] = {
        "conditions": conditions,
        "rules": [dict(rule) for rule in found.rules],
    }
    if call.hub.may(call.known, call.repository, "administration", "write"):
        more["bypass_actors"] = [dict(each) for each in found.bypass]
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
    ref = f"refs/heads/{name}"
    found = [
        {**rule, **source, "ruleset_id": one.id}
        for one in it.rulesets.values()
        if one.enforcement == "active" and _git_rules.covers(one, it, ref)
        for rule in one.rules
    ]
    return call.page(found, lambda rule: rule)
