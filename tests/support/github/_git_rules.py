"""What protects a branch or a tag from a push: classic protection and rulesets, read as one.

Rules about the way from the old to the new commit are only named here (`forward_only`): whoever
has the objects checks them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from tests.support.github._state import Protection, Repository, Role, Ruleset

_BRANCH = "refs/heads/"
_FORCED = "Cannot force-push to this branch"


@dataclass(frozen=True, kw_only=True, slots=True)
class RefUpdate:
    """One command of a push; `old` is None for a new ref, `new` for one that goes."""

    ref: str
    old: str | None
    new: str | None


def refusals(repository: Repository, login: str, update: RefUpdate) -> list[str]:
    """Return what the pushing person is told if the update is refused, else nothing."""
    classic = [
        reason
        for protection in _protections(repository, update.ref)
        for reason in _by_protection(repository, protection, login, update)
    ]
    rules = [
        reason
        for rule in rules_for(repository, update.ref)
        for reason in _by_rule(repository, rule, update)
    ]
    return [
        *_told(f"GH006: Protected branch update failed for {update.ref}.", classic),
        *_told(f"GH013: Repository rule violations found for {update.ref}.", rules),
    ]


def forward_only(repository: Repository, ref: str) -> str | None:
    """Return what is told when the ref is moved other than forward; None if it may be."""
    if any(not protection.allow_force_pushes for protection in _protections(repository, ref)):
        return f"GH006: Protected branch update failed for {ref}. {_FORCED}"
    if any(rule["type"] == "non_fast_forward" for rule in rules_for(repository, ref)):
        return f"GH013: Repository rule violations found for {ref}. {_FORCED}"
    return None


def _told(heading: str, reasons: list[str]) -> list[str]:
    return [heading, *(f"- {reason}" for reason in reasons)] if reasons else []


def _protections(repository: Repository, ref: str) -> list[Protection]:
    branch = ref.removeprefix(_BRANCH)
    found = repository.protections.get(branch) if ref.startswith(_BRANCH) else None
    return [found] if found else []


def _by_protection(
    repository: Repository, protection: Protection, login: str, update: RefUpdate
) -> Iterator[str]:
    if update.new is None:
        if not protection.allow_deletions:
            yield "Cannot delete this protected branch"
        return
    if repository.role(login) is Role.ADMIN and not protection.enforce_admins:
        return
    if protection.pushers is not None and login not in protection.pushers:
        yield "You're not authorized to push to this branch."
    if protection.reviews is not None:
        yield "Changes must be made through a pull request."
    yield from expected(repository, protection.checks, update.new)


def rules_for(repository: Repository, ref: str) -> list[Mapping[str, Any]]:
    """Return the active rules for the ref, as in the API."""
    active = (r for r in repository.rulesets.values() if r.enforcement == "active")
    return [
        rule for ruleset in active if covers(ruleset, repository, ref) for rule in ruleset.rules
    ]


def covers(ruleset: Ruleset, repository: Repository, ref: str) -> bool:
    """Return whether the ruleset, if it is active, is about the ref."""
    if not ref.startswith(_BRANCH if ruleset.target == "branch" else "refs/tags/"):
        return False
    default = f"{_BRANCH}{repository.default_branch}"
    named = {"~ALL": ref, "~DEFAULT_BRANCH": default}
    included, excluded = (
        any(fnmatchcase(ref, named.get(pattern, pattern)) for pattern in patterns)
        for patterns in (ruleset.include, ruleset.exclude)
    )
    return included and not excluded


def _by_rule(repository: Repository, rule: Mapping[str, Any], update: RefUpdate) -> Iterator[str]:
    match rule["type"]:
        case "creation" if update.old is None:
            yield "Cannot create ref due to creations being restricted."
        case "update" if update.old and update.new:
            yield "Cannot update this protected ref."
        case "deletion" if update.new is None:
            yield "Cannot delete this branch"
        case "pull_request" if update.new:
            yield "Changes must be made through a pull request."
        case "required_status_checks" if update.new:
            checks = rule["parameters"]["required_status_checks"]
            yield from expected(repository, [check["context"] for check in checks], update.new)
        case "creation" | "update" | "deletion" | "pull_request" | "required_status_checks":
            pass
        case "non_fast_forward":
            pass  # see `forward_only`
        case unknown:
            raise NotImplementedError(f"emulator does not know the rule {unknown}")


def expected(
    repository: Repository, contexts: tuple[str, ...] | list[str], sha: str
) -> Iterator[str]:
    """Yield what is told of each required status that the commit lacks."""
    latest = {status.context: status.state for status in repository.statuses if status.sha == sha}
    for context in contexts:
        if latest.get(context) != "success":
            yield f'Required status check "{context}" is expected.'
