"""What protects a branch, from the two forms in which GitHub tells it."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from tufline.repository.init import Protection, Unknown

_CLASSIC: Final = "branch protection"
_ROLES: Final[Mapping[int, str]] = MappingProxyType({2: "maintain", 4: "write", 5: "admin"})


def classic(told: Mapping[str, Any]) -> tuple[Protection, ...]:
    """Return a branch's protection: the part about pull requests has exceptions of its own."""
    admins = () if _enabled(told, "enforce_admins") else ("administrators",)
    reviews = told.get("required_pull_request_reviews")
    others = Protection(
        name=_CLASSIC,
        checks=_checks(told.get("required_status_checks", {})),
        keeps_history=not _enabled(told, "allow_force_pushes"),
        keeps_branch=not _enabled(told, "allow_deletions"),
        pushers=_people(told["restrictions"]) if "restrictions" in told else None,
        bypass=admins,
    )
    if reviews is None:
        return (others,)
    pull_requests = Protection(
        name=_CLASSIC,
        pull_request=True,
        approvals=reviews.get("required_approving_review_count", 0),
        code_owners=bool(reviews.get("require_code_owner_reviews")),
        bypass=(*admins, *_people(reviews.get("bypass_pull_request_allowances", {}))),
    )
    return (others, pull_requests)


def ruleset(told: Mapping[str, Any], rules: Iterable[Mapping[str, Any]]) -> Protection:
    """Return a ruleset's rules for a branch. Who is exempt is told only to who may change it."""
    by_type = {rule["type"]: rule.get("parameters", {}) for rule in rules}
    actors = told.get("bypass_actors")
    bypass = Unknown("administration: write") if actors is None else tuple(map(_actor, actors))
    exempt = bypass if isinstance(bypass, tuple) else ()
    checks = by_type.get("required_status_checks", {}).get("required_status_checks", ())
    reviews = by_type.get("pull_request", {})
    return Protection(
        name=f"ruleset {told.get('name', '')}".rstrip(),
        pull_request="pull_request" in by_type,
        approvals=reviews.get("required_approving_review_count", 0),
        code_owners=bool(reviews.get("require_code_owner_review")),
        checks=frozenset(each["context"] for each in checks),
        keeps_history="non_fast_forward" in by_type,
        keeps_branch="deletion" in by_type,
        pushers=exempt if "update" in by_type else None,
        bypass=bypass,
    )


def _enabled(told: Mapping[str, Any], name: str) -> bool:
    return bool(told.get(name, {}).get("enabled"))


def _checks(told: Mapping[str, Any]) -> frozenset[str]:
    named = (each["context"] for each in told.get("checks", ()))
    return frozenset([*told.get("contexts", ()), *named])


def _people(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Return users, teams and Apps by name."""
    return (
        *(f"@{each['login']}" for each in told.get("users", ())),
        *(f"team {each['slug']}" for each in told.get("teams", ())),
        *(f"App {each['slug']}" for each in told.get("apps", ())),
    )


def _actor(told: Mapping[str, Any]) -> str:
    kind, number = told["actor_type"], told.get("actor_id")
    if kind == "RepositoryRole":
        return f"the role {_ROLES.get(number or 0, number)}"
    return kind if number is None else f"{kind} {number}"
