"""delegation-pattern: delegated paths are relative and plain (TUF 4.5, PATHPATTERN)."""

from collections.abc import Iterator

from tuf.api.metadata import DelegatedRole

from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect, notice


def check(role: RoleCase) -> Iterator[Remark]:
    """Report patterns that clients read differently, or that match nothing."""
    if not role.judged_in_full:
        return
    for name, delegated in role.trust.roles.items():
        known = _patterns(role.known_trust.roles.get(name))
        patterns = _patterns(delegated)
        for pattern in dict.fromkeys(patterns):
            problem = _problem(pattern)
            if problem:
                yield defect(f"{name}: pattern {pattern!r} {problem}", known=pattern in known)
            if role.changed and patterns.count(pattern) > 1:
                yield notice(f"{name}: pattern {pattern!r} stands there twice; keep one")


def _patterns(delegated: object) -> list[str]:
    return (delegated.paths or []) if isinstance(delegated, DelegatedRole) else []


def _problem(pattern: str) -> str | None:
    segments = pattern.split("/")
    if pattern.startswith("/"):
        return "is absolute; write it relative to targets/"
    if ".." in segments or "." in segments:
        return "leads out of its folder; write the path without . and .."
    if "" in segments:
        return "has an empty part; write one / between folders"
    if "\\" in pattern or not pattern.isprintable():
        return "has a backslash or an unprintable character; use / and plain names"
    return None


RULE = RoleRule("delegation-pattern", check)
