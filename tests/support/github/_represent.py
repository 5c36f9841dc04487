"""What the emulator shows of its records, in the forms of GitHub's REST API."""

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tests.support.github import _objects
from tests.support.github._example import described
from tests.support.github._state import (
    Label,
    Repository,
    Role,
    Run,
    State,
    Status,
)

Json = dict[str, Any]
GHOST = "ghost"


def stamp(time: datetime | None) -> str | None:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if time else None


def api(state: State, repository: Repository) -> str:
    """Return the URL of the repository in the API."""
    return f"{state.url}/api/v3/repos/{repository.full_name}"


def user(state: State, login: str | None, schema: str = "simple-user", **more: object) -> Json:
    """Return the user; one who is unknown or gone is GitHub's ghost."""
    known = state.users.get(login or GHOST)
    name = known.login if known else GHOST
    return described(
        schema,
        login=name,
        id=known.id if known else 1,
        node_id=known.node_id if known else "U_1",
        type=known.type if known else "User",
        url=f"{state.url}/api/v3/users/{name}",
        html_url=f"{state.url}/{name}",
        avatar_url=f"{state.url}/avatars/{name}",
        gravatar_id="",
        **more,
    )


def repository(state: State, it: Repository, schema: str, **more: object) -> Json:
    """Return the repository as a "full-repository", "repository" or "minimal-repository"."""
    return described(
        schema,
        id=it.id,
        node_id=it.node_id,
        name=it.name,
        full_name=it.full_name,
        owner=user(state, it.owner),
        private=it.private,
        visibility="private" if it.private else "public",
        fork=it.parent is not None,
        default_branch=it.default_branch,
        url=api(state, it),
        html_url=f"{state.url}/{it.full_name}",
        clone_url=f"{state.url}/{it.full_name}.git",
        has_issues=True,
        has_pages=it.pages is not None,
        **more,
    )


def permissions(role: Role) -> Json:
    named = {"pull": "read", "triage": "triage", "push": "write", "maintain": "maintain"}
    return {name: role.reaches(wanted) for name, wanted in {**named, "admin": "admin"}.items()}


def label(state: State, it: Repository, one: Label) -> Json:
    return described(
        "label",
        id=one.id,
        node_id=one.node_id,
        url=f"{api(state, it)}/labels/{one.name}",
        name=one.name,
        color=one.color,
        description=one.description,
        default=False,
    )


def status(state: State, it: Repository, one: Status) -> Json:
    return described(
        "status",
        url=f"{api(state, it)}/statuses/{one.sha}",
        id=one.id,
        node_id=f"SC_{one.id}",
        state=one.state,
        context=one.context,
        description=one.description,
        target_url=one.target_url,
        created_at=stamp(one.created),
        updated_at=stamp(one.created),
        creator=user(state, one.creator),
    )


def combined_status(state: State, it: Repository, sha: str) -> Json:
    """Return the newest status of each context, and what they say together."""
    newest = list({one.context: one for one in it.statuses if one.sha == sha}.values())
    said = {one.state for one in newest}
    failed = said & {"failure", "error"}
    return described(
        "combined-commit-status",
        state="failure" if failed else "success" if said == {"success"} else "pending",
        statuses=[_simple_status(status(state, it, one)) for one in newest],
        sha=sha,
        total_count=len(newest),
        repository=repository(state, it, "minimal-repository"),
        commit_url=f"{api(state, it)}/commits/{sha}",
        url=f"{api(state, it)}/commits/{sha}/status",
    )


def _simple_status(shown: Json) -> Json:
    return {name: value for name, value in shown.items() if name != "creator"}


def git_ref(state: State, it: Repository, name: str, sha: str) -> Json:
    target = {"type": "commit", "sha": sha, "url": f"{api(state, it)}/git/commits/{sha}"}
    url = f"{api(state, it)}/git/{name}"
    return described("git-ref", ref=name, node_id=f"REF_{name}", url=url, object=target)


def commit(state: State, it: Repository, sha: str) -> Json:
    """Return a commit; its author is shown as git knows them, no user of the forge."""
    form = "%T%n%P%n%an%n%ae%n%aI%n%cn%n%ce%n%cI%n%B"
    lines = _objects.git(it.git_dir, "show", "--no-patch", f"--format={form}", sha).split("\n", 8)
    people = {
        who: {"name": lines[at], "email": lines[at + 1], "date": lines[at + 2]}
        for who, at in (("author", 2), ("committer", 5))
    }
    url = f"{api(state, it)}/commits/{sha}"
    tree = {"sha": lines[0], "url": f"{api(state, it)}/git/trees/{lines[0]}"}
    return described(
        "commit",
        sha=sha,
        node_id=f"C_{sha}",
        url=url,
        html_url=f"{state.url}/{it.full_name}/commit/{sha}",
        commit={**people, "message": lines[8].rstrip("\n"), "tree": tree},
        author={},
        committer={},
        parents=[{"sha": parent, "url": url} for parent in lines[1].split()],
    )


def run(state: State, it: Repository, one: Run) -> Json:
    url = f"{api(state, it)}/actions/runs/{one.id}"
    source = state.repository(one.head_repository or "") or it
    return described(
        "workflow-run",
        id=one.id,
        node_id=f"WFR_{one.id}",
        name=one.workflow,
        path=f".github/workflows/{one.workflow}",
        run_number=one.number,
        event=one.event,
        status=one.status,
        conclusion=one.conclusion,
        head_branch=one.branch,
        head_sha=one.sha,
        workflow_id=workflow_id(it, one.workflow),
        url=url,
        html_url=f"{state.url}/{it.full_name}/actions/runs/{one.id}",
        created_at=stamp(one.created),
        updated_at=stamp(one.created),
        run_started_at=stamp(one.created),
        actor=user(state, one.actor),
        triggering_actor=user(state, one.actor),
        repository=repository(state, it, "minimal-repository"),
        head_repository=repository(state, source, "minimal-repository"),
    )


def workflow_id(it: Repository, name: str) -> int:
    """Return a number that the workflow file keeps while the repository lives."""
    return it.id + zlib.crc32(name.encode())


def counted(key: str, items: Sequence[Json]) -> Json:
    return {"total_count": len(items), key: list(items)}
