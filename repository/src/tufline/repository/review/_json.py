"""A review as JSON: the interface that other programs rely on (`docs/format.md` has an example)."""

import json
from typing import Any

from tufline.repository.review._finding import Finding
from tufline.repository.review._verdict import PreviousRoot, Review, RoleReview


def review_json(review: Review, *, base: str | None, event: str) -> str:
    """Return the review as one JSON object on one line, in an order that never changes.

    `base` and `event` are the commits that were compared; without a base a whole state was judged.
    """
    return json.dumps(
        {
            "verdict": review.verdict.word,
            "base": base,
            "event": event,
            "roles": {role.name: _role(role) for role in review.roles},
            "findings": [_finding(finding) for finding in review.findings],
        }
    )


def _role(role: RoleReview) -> dict[str, Any]:
    return {
        "version": role.version,
        "threshold": role.threshold,
        "signed": list(role.signed),
        "missing": list(role.missing),
        "invited": list(role.invited),
        "unverified": list(role.unverified),
        "ready": role.ready,
        "previous": _previous(role.previous),
    }


def _previous(previous: PreviousRoot | None) -> dict[str, Any] | None:
    if previous is None:
        return None
    return {
        "threshold": previous.threshold,
        "signed": list(previous.signed),
        "missing": list(previous.missing),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "role": finding.role,
        "path": finding.path,
        "message": finding.message,
    }
