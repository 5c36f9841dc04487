"""What becomes of pull requests: opened, moved on with their branches, merged, closed.

Used by the REST operations and by pushes; the lock is held. Every pull request's head is kept in
its repository as `refs/pull/N/head`, forks' too, as on GitHub.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.support.github import _objects, _represent, _represent_issues
from tests.support.github._state import (
    Issue,
    Pull,
    Repository,
    State,
    TokenKind,
    WorkflowEvent,
)

# A token of Actions starts no workflow by what it does, except by asking for just that.
_ALWAYS = frozenset({"workflow_dispatch", "repository_dispatch"})
ZERO = "0" * 40


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and with which kind of token."""

    login: str
    kind: TokenKind


def trigger(
    state: State,
    it: Repository,
    name: str,
    *,
    ref: str,
    sha: str,
    actor: Actor,
    payload: Mapping[str, object],
) -> None:
    """Queue what GitHub would start workflows for."""
    if actor.kind == "actions" and name not in _ALWAYS:
        return
    common = {
        "repository": _represent.repository(state, it, "repository"),
        "sender": _represent.user(state, actor.login),
    }
    state.events.append(
        WorkflowEvent(
            name=name,
            repository=it.full_name,
            ref=ref,
            sha=sha,
            actor=actor.login,
            payload={**payload, **common},
        )
    )


def new_issue(state: State, it: Repository, author: str, title: str, body: str | None) -> Issue:
    """Add an issue, with the next number that no issue or pull request has."""
    number = max(it.issues, default=0) + 1
    now = state.now()
    it.issues[number] = Issue(
        id=state.next_id(),
        number=number,
        author=author,
        title=title,
        body=body,
        created=now,
        updated=now,
    )
    return it.issues[number]


def opened(  # noqa: PLR0913 - what a pull request is opened with
    state: State,
    it: Repository,
    source: Repository,
    *,
    head: str,
    base: str,
    actor: Actor,
    text: tuple[str, str | None],
    draft: bool,
) -> Issue:
    """Open a pull request with the title and body of `text`; both branches exist."""
    issue = new_issue(state, it, actor.login, *text)
    issue.pull = Pull(
        id=state.next_id(),
        head_repository=source.full_name,
        head=head,
        head_sha=_objects.branch_sha(source.git_dir, head) or ZERO,
        base=base,
        base_sha=_objects.branch_sha(it.git_dir, base) or ZERO,
        draft=draft,
    )
    _keep_head(it, source, issue.number, head)
    announce(state, it, issue, "opened", actor)
    return issue


def announce(state: State, it: Repository, issue: Issue, action: str, actor: Actor) -> None:
    """Queue `pull_request_target`, which runs the base branch's workflows."""
    pull = issue.pull
    assert pull
    sha = _objects.branch_sha(it.git_dir, pull.base) or ZERO
    shown = _represent_issues.pull(state, it, issue, "pull-request-simple")
    trigger(
        state,
        it,
        "pull_request_target",
        ref=f"refs/heads/{pull.base}",
        sha=sha,
        actor=actor,
        payload={"action": action, "number": issue.number, "pull_request": shown},
    )


def close(state: State, issue: Issue, login: str) -> None:
    issue.state = "closed"
    issue.closed = issue.updated = state.now()
    issue.closed_by = login


def mark_merged(state: State, issue: Issue, sha: str, login: str) -> None:
    """Say that the pull request was merged by the commit."""
    assert issue.pull
    close(state, issue, login)
    issue.pull.merged = state.now()
    issue.pull.merged_by = login
    issue.pull.merge_commit = sha


def follow(
    state: State, it: Repository, branch: str, old: str | None, new: str | None, actor: Actor
) -> None:
    """Bring everything up to date with a branch that moved; None: it was or is not there."""
    for home, issue, pull in list(_with_head(state, it, branch)):
        if new is None:
            close(state, issue, actor.login)
        elif pull.head_sha != new:
            pull.head_sha = new
            issue.updated = state.now()
            _keep_head(home, it, issue.number, branch)
            announce(state, home, issue, "synchronize", actor)
    if new is None:
        return
    arrived = set(_objects.between(it.git_dir, old, new))
    for issue, pull in it.open_pulls():
        if pull.base == branch and pull.head_sha in arrived:
            mark_merged(state, issue, new, actor.login)
    trigger(
        state,
        it,
        "push",
        ref=f"refs/heads/{branch}",
        sha=new,
        actor=actor,
        payload=_push(branch, old, new),
    )


def _push(branch: str, old: str | None, new: str) -> Mapping[str, object]:
    return {
        "ref": f"refs/heads/{branch}",
        "before": old or ZERO,
        "after": new,
        "created": old is None,
        "deleted": False,
    }


def _with_head(
    state: State, it: Repository, branch: str
) -> Iterator[tuple[Repository, Issue, Pull]]:
    for home in state.repositories.values():
        for issue, pull in home.open_pulls():
            if (pull.head_repository, pull.head) == (it.full_name, branch):
                yield home, issue, pull


def _keep_head(it: Repository, source: Repository, number: int, branch: str) -> None:
    ref = f"refs/pull/{number}/head"
    if source is it:  # for which a fetch would be right, and slow
        _objects.move(it.git_dir, ref, _objects.branch_sha(it.git_dir, branch))
    else:
        _objects.fetch(it.git_dir, source.git_dir, branch, ref)
