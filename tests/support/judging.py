"""What a rule says of a change, as text, for the tests of rules."""

import json
from collections.abc import Callable
from typing import Any

from tests.support.sample import NOW, Sample

from tufline.repository.review import Purpose, Review, review


def judge(base: Sample | None, event: Sample, **options: Any) -> Review:  # noqa: ANN401 - review's
    """Review the change between two samples, as of `NOW` unless told otherwise."""
    known = base.state() if base else None
    return review(known, event.state(), **{"now": NOW, **options})


def judge_whole(base: Sample | None, event: Sample, **options: Any) -> Review:  # noqa: ANN401 - "
    """Review what main holds."""
    return judge(base, event, purpose=Purpose.ACCEPTED, **options)


def said(found: Review, rule: str) -> list[str]:
    """Return what the rule says, as `severity role: message`; `waiting` is a severity here."""
    return [
        f"{'waiting' if each.waits else each.severity} {each.role or each.path}: {each.message}"
        for each in found.findings
        if each.rule == rule
    ]


def places(found: Review, rule: str) -> list[str]:
    """Return where the rule says something, as `severity path`; `waiting` is a severity here."""
    return [
        f"{'waiting' if each.waits else each.severity} {each.path}"
        for each in found.findings
        if each.rule == rule
    ]


def verdict(found: Review) -> str:
    """Return the verdict's name, lower case."""
    return type(found.verdict).__name__.lower()


def consents(found: Review, rule: str) -> bool:
    """Whether every finding of the rule needs a yes of its own, and there is one."""
    flags = [each.consent for each in found.findings if each.rule == rule]
    return bool(flags) and all(flags)


def rewrite(sample: Sample, role: str, change: Callable[[Any], object]) -> None:
    """Change the JSON of a role's file by hand; signatures are left as they are."""
    path = f"metadata/{role}.json"
    tree = json.loads(sample.files[path])
    change(tree)
    sample.files[path] = json.dumps(tree, indent=1, sort_keys=True).encode()
