"""Merging a pull request, by real git, if nothing forbids it."""

from dataclasses import dataclass

from tests.support.github import _objects, _pulls
from tests.support.github._router import Refused
from tests.support.github._state import Issue, Protection, Repository, Role, State


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
    base = _objects.branch_sha(it.git_dir, pull.base)
    if wish.sha not in {None, pull.head_sha}:
        raise Refused(409, "Head branch was modified. Review and try the merge again.")
    if issue.state == "closed" or pull.draft or base is None:
        raise Refused(405, "Pull Request is not mergeable")
    if wish.method != "merge":
        raise Refused(405, f"{wish.method.capitalize()} merges are not allowed on this repository.")
    _demand_allowed(it, pull.base, base, pull.head_sha, actor)
    tree = _objects.merged_tree(it.git_dir, base, pull.head_sha)
    if tree is None:
        raise Refused(405, "Pull Request is not mergeable")
    owner = (pull.head_repository or "").partition("/")[0]
    title = wish.title or f"Merge pull request #{issue.number} from {owner}/{pull.head}"
    text = f"{title}\n\n{issue.title if wish.message is None else wish.message}".rstrip()
    sha = _objects.commit(
        it.git_dir, tree, [base, pull.head_sha], text, login=actor.login, when=state.now()
    )
    _objects.move(it.git_dir, f"refs/heads/{pull.base}", sha)
    _pulls.mark_merged(state, issue, sha, actor.login)
    _pulls.follow(state, it, pull.base, base, sha, actor)
    return sha


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
    return True, "blocked" if _missing(it, pull.base, base, pull.head_sha) else "clean"


def _demand_allowed(it: Repository, branch: str, base: str, head: str, actor: _pulls.Actor) -> None:
    protection = it.protections.get(branch, Protection())
    is_admin = actor.kind == "personal" and it.role(actor.login) is Role.ADMIN
    if is_admin and not protection.enforce_admins:
        return
    missing = _missing(it, branch, base, head)
    if missing:
        raise Refused(405, missing)
    if protection.pushers is not None and actor.login not in protection.pushers:
        raise Refused(405, "You're not authorized to push to this branch.")


def _missing(it: Repository, branch: str, base: str, head: str) -> str | None:
    """Return what the branch's protection still waits for."""
    protection = it.protections.get(branch, Protection())
    latest = {one.context: one.state for one in it.statuses if one.sha == head}
    for check in protection.checks:
        if latest.get(check) != "success":
            return f'Required status check "{check}" is expected.'
    if protection.checks and protection.strict and not _objects.is_ancestor(it.git_dir, base, head):
        return "The head branch is not up to date with the base branch."
    if protection.reviews:
        return "At least one approving review is required by reviewers with write access."
    return None
