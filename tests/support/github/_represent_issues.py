"""What the emulator shows of issues, pull requests and comments, in the forms of GitHub's API."""

from tests.support.github._example import described
from tests.support.github._represent import Json, api, label, repository, stamp, user
from tests.support.github._state import Comment, Issue, Pull, Repository, State


def comment(state: State, it: Repository, issue: Issue, one: Comment) -> Json:
    where = "pull" if issue.pull else "issues"
    return described(
        "issue-comment",
        id=one.id,
        node_id=one.node_id,
        url=f"{api(state, it)}/issues/comments/{one.id}",
        html_url=f"{state.url}/{it.full_name}/{where}/{issue.number}#issuecomment-{one.id}",
        issue_url=f"{api(state, it)}/issues/{issue.number}",
        body=one.body,
        user=user(state, one.author),
        created_at=stamp(one.created),
        updated_at=stamp(one.updated),
        author_association=_association(it, one.author),
    )


def issue(state: State, it: Repository, one: Issue, schema: str = "issue") -> Json:
    """Return the issue; a pull request says so in `pull_request`."""
    url = f"{api(state, it)}/issues/{one.number}"
    more: Json = {}
    if one.pull:
        pull_url = f"{api(state, it)}/pulls/{one.number}"
        html_url = f"{state.url}/{it.full_name}/pull/{one.number}"
        links = {"url": pull_url, "html_url": html_url}
        links |= {"diff_url": f"{html_url}.diff", "patch_url": f"{html_url}.patch"}
        more = {"draft": one.pull.draft, "pull_request": links}
        more["pull_request"]["merged_at"] = stamp(one.pull.merged)
    return described(
        schema,
        **_common(state, it, one),
        url=url,
        html_url=f"{state.url}/{it.full_name}/issues/{one.number}",
        repository_url=api(state, it),
        labels_url=f"{url}/labels{{/name}}",
        comments_url=f"{url}/comments",
        events_url=f"{url}/events",
        node_id=one.node_id,
        id=one.id,
        state_reason=one.state_reason,
        comments=len(one.comments),
        **more,
    )


def pull(state: State, it: Repository, one: Issue, schema: str, **more: object) -> Json:
    """Return the pull request as a "pull-request" or "pull-request-simple"."""
    url = f"{api(state, it)}/pulls/{one.number}"
    html_url = f"{state.url}/{it.full_name}/pull/{one.number}"
    its = _pull_of(one)
    return described(
        schema,
        **_common(state, it, one),
        **more,
        url=url,
        html_url=html_url,
        diff_url=f"{html_url}.diff",
        patch_url=f"{html_url}.patch",
        issue_url=f"{api(state, it)}/issues/{one.number}",
        comments_url=f"{api(state, it)}/issues/{one.number}/comments",
        statuses_url=f"{api(state, it)}/statuses/{its.head_sha}",
        id=its.id,
        node_id=its.node_id,
        draft=its.draft,
        merged_at=stamp(its.merged),
        merge_commit_sha=its.merge_commit,
        requested_reviewers=[user(state, login) for login in its.reviewers],
        requested_teams=[],
        head=_side(state, state.repository(its.head_repository or ""), its.head, its.head_sha),
        base=_side(state, it, its.base, its.base_sha),
    )


def _pull_of(one: Issue) -> Pull:
    assert one.pull is not None
    return one.pull


def _common(state: State, it: Repository, one: Issue) -> Json:
    """Return what an issue and a pull request show alike."""
    return {
        "number": one.number,
        "title": one.title,
        "body": one.body,
        "state": one.state,
        "user": user(state, one.author),
        "labels": [label(state, it, it.labels[name]) for name in one.labels],
        "assignees": [user(state, login) for login in one.assignees],
        "assignee": user(state, one.assignees[0]) if one.assignees else None,
        "created_at": stamp(one.created),
        "updated_at": stamp(one.updated),
        "closed_at": stamp(one.closed),
        "author_association": _association(it, one.author),
    }


def _side(state: State, it: Repository | None, branch: str, sha: str) -> Json:
    owner = it.owner if it else "unknown"
    return {
        "label": f"{owner}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": user(state, owner),
        "repo": repository(state, it, "repository") if it else None,
    }


def _association(it: Repository, login: str) -> str:
    if login == it.owner:
        return "OWNER"
    return "COLLABORATOR" if login in it.collaborators else "NONE"
