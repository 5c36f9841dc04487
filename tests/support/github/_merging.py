"""Merging a pull request, by real git, if nothing forbids it."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.support.github import _code_owners, _git_rules, _objects, _pulls
from tests.support.github._router import Refused
from tests.support.github._state import Issue, Protection, Pull, Repository, Role, State


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a merge request asks for; `sha` is the head that the asker saw."""

    sha: str | None
    method: str
    title: str | None
    message: str | None


def merge(state: State, it: Repository, issue: Issue, actor: _pulls.Actor, wish: Wish) -> str:
    """Merge, and return the commit; raise `Refused` with GitHub's status."""
    pull = issue.pull
    assert pull
    if wish.sha not in {None, pull.head_sha}:
        raise Refused(409, "Head branch was modified. Review and try the merge again.")
    base = _objects.branch_sha(it.git_dir, pull.base)
    tree = base and _objects.merged_tree(it.git_dir, base, pull.head_sha)
    if issue.state == "closed" or pull.draft or not base or not tree:
        raise Refused(405, "Pull Request is not mergeable")
    if wish.method != "merge" or not it.allow_merge_commit:
        raise Refused(405, f"{wish.method.capitalize()} merges are not allowed on this repository.")
    _demand_allowed(it, pull, base, actor)
    parents, text = [base, pull.head_sha], _message(issue, pull, wish)
    when = state.now()
    sha = _objects.commit(it.git_dir, tree, parents, text, login=actor.login, when=when)
    _objects.move(it.git_dir, f"refs/heads/{pull.base}", sha)
    _pulls.mark_merged(state, issue, sha, actor.login)
    _pulls.follow(state, it, pull.base, base, sha, actor)
    return sha


def _message(issue: Issue, pull: Pull, wish: Wish) -> str:
    owner = (pull.head_repository or "").partition("/")[0]
    title = wish.title or f"Merge pull request #{issue.number} from {owner}/{pull.head}"
    return f"{title}\n\n{issue.title if wish.message is None else wish.message}".rstrip()


def mergeable(it: Repository, issue: Issue) -> tuple[bool | None, str]:
    """Return `mergeable` and `mergeable_state` as GitHub shows them."""
    pull = issue.pull
    assert pull
    base = _objects.branch_sha(it.git_dir, pull.base)
    if issue.state == "closed" or base is None:
        return None, "unknown"
    if _objects.merged_tree(it.git_dir, base, pull.head_sha) is None:
        return False, "dirty"
    if pull.draft:
        return True, "draft"
    waits = [*_by_protection(it, pull, base), *_by_rules(it, pull, base)]
    return True, "blocked" if waits else "clean"


def _demand_allowed(it: Repository, pull: Pull, base: str, actor: _pulls.Actor) -> None:
    protection = it.protections.get(pull.base, Protection())
    is_admin = actor.kind == "personal" and it.role(actor.login) is Role.ADMIN
    waits = list(_by_rules(it, pull, base))
    if protection.enforce_admins or not is_admin:
        waits += _by_protection(it, pull, base)
        if protection.pushers is not None and actor.login not in protection.pushers:
            waits.append("You're not authorized to push to this branch.")
    if waits:
        raise Refused(405, " ".join(waits))


def _by_protection(it: Repository, pull: Pull, base: str) -> Iterator[str]:
    """Yield what the branch's protection still waits for."""
    protection = it.protections.get(pull.base, Protection())
    yield from _git_rules.expected(it, protection.checks, pull.head_sha)
    if protection.strict and not _objects.is_ancestor(it.git_dir, base, pull.head_sha):
        yield "The head branch is not up to date with the base branch."
    owners = protection.code_owners and _code_owners.are_concerned(it.git_dir, base, pull.head_sha)
    if protection.reviews or owners:
        yield _UNREVIEWED


def _by_rules(it: Repository, pull: Pull, base: str) -> Iterator[str]:
    for rule in _git_rules.rules_for(it, f"refs/heads/{pull.base}"):
        parameters = rule.get("parameters", {})
        if rule["type"] == "required_status_checks":
            checks = [check["context"] for check in parameters["required_status_checks"]]
            yield from _git_rules.expected(it, checks, pull.head_sha)
        elif rule["type"] == "pull_request" and (
            parameters.get("required_approving_review_count")
            or (
                parameters.get("require_code_owner_review")
                and _code_owners.are_concerned(it.git_dir, base, pull.head_sha)
            )
        ):
            yield _UNREVIEWED
        elif rule["type"] == "update":
            yield "Cannot update this protected ref."


# There are no reviews here, so a number of them that is asked for is never reached.
_UNREVIEWED = "At least one approving review is required by reviewers with write access."
