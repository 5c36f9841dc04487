"""GraphQL of the emulator: real queries by PyGithub, GitHub's own schema, GitHub's errors."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from github import Auth, Github, GithubException, UnknownObjectException
from github.PullRequest import PullRequest
from tests.support.github import Fault, Hub, Kind, Repository, serve

_UNBOUNDED = (
    "You must provide a `first` or `last` value to properly paginate the `comments` connection."
)
_EXCESSIVE = (
    "Requesting 101 records on the `comments` connection exceeds the `first` limit of 100 records."
)
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """A hub with `o/r`, whose pull request 1 comes from the branch sign/a."""

    hub: Hub
    repository: Repository

    def api(self, token: str) -> Github:
        return Github(
            base_url=self.hub.api_url,
            auth=Auth.Token(token),
            retry=None,
            seconds_between_requests=0,
            seconds_between_writes=0,
        )

    def personal(self, login: str = "writer") -> Github:
        return self.api(self.hub.token(login))

    def actions(self, **permissions: str) -> Github:
        return self.api(
            self.hub.token("ci", kind="actions", repository="o/r", permissions=permissions)
        )

    def pull(self, api: Github) -> PullRequest:
        return api.get_repo("o/r").get_pull(1)

    def push(self, branch: str, to: str = "o/r") -> str:
        """Let the branch of the repository have a commit of its own on main."""
        git_dir = self.hub.repositories[to].git_dir
        who = ("-c", "user.name=N", "-c", "user.email=n@example.org")
        main = "refs/heads/main"
        tree = git(git_dir, "mktree", data="")
        parents = ["-p", main] if branch != "main" else []
        sha = git(git_dir, *who, "commit-tree", tree, "-m", branch, *parents)
        git(git_dir, "update-ref", f"refs/heads/{branch}", sha)
        return sha


def git(git_dir: Path, *arguments: str, data: str = "") -> str:
    command = ["git", f"--git-dir={git_dir}", *arguments]
    done = subprocess.run(command, input=data, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def new_world(hub: Hub) -> World:
    repository = hub.add_repository("o/r", collaborators={"writer": "write", "reviewer": "write"})
    hub.add_user("stranger")
    world = World(hub=hub, repository=repository)
    world.push("main")
    world.push("sign/a")
    world.personal().get_repo("o/r").create_pull(
        base="main", head="sign/a", title="Change", body=""
    )
    return world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with serve(tmp_path, now=lambda: NOW) as hub:
        yield new_world(hub)


def ask(api: Github, query: str, **variables: object) -> dict[str, Any]:
    """Return the data that answers the query."""
    data: dict[str, Any] = api.requester.graphql_query(query, variables)[1]["data"]
    return data


def in_repository(fields: str) -> str:
    return f'{{ repository(owner: "o", name: "r") {{ {fields} }} }}'


def in_pull(fields: str) -> str:
    return in_repository(f"pullRequest(number: 1) {{ {fields} }}")


def errors(api: Github, query: str, **variables: object) -> list[dict[str, Any]]:
    with pytest.raises(GithubException) as caught:
        ask(api, query, **variables)
    found: list[dict[str, Any]] = caught.value.data["errors"]
    return found


def error_type(api: Github, query: str, **variables: object) -> tuple[str, str]:
    """Return the type and the message of the one error."""
    [error] = errors(api, query, **variables)
    return error["type"], error["message"]


def test_viewer_is_who_has_the_token_bots_with_their_whole_login(world: World) -> None:
    query = "{ viewer { login } }"

    assert ask(world.personal(), query) == {"viewer": {"login": "writer"}}
    assert ask(world.actions(), query) == {"viewer": {"login": "github-actions[bot]"}}


def test_author_that_is_a_bot_has_no_suffix(world: World) -> None:
    world.pull(world.actions(pull_requests="write")).create_issue_comment("hello")

    query = in_pull("comments(first: 1) { nodes { author { __typename login } } }")
    [comment] = ask(world.personal(), query)["repository"]["pullRequest"]["comments"]["nodes"]

    assert comment["author"] == {"__typename": "Bot", "login": "github-actions"}


def test_repository_is_shown_as_the_rest_api_shows_it(world: World) -> None:
    world.hub.fork("o/r", "stranger")
    fields = "id databaseId nameWithOwner isFork isPrivate url owner { login } viewerPermission"
    fields += " defaultBranchRef { name prefix target { oid } } parent { nameWithOwner }"
    api = world.personal("stranger")

    query = f'{{ repository(owner: "stranger", name: "r") {{ {fields} }} }}'
    shown = ask(api, query)["repository"]

    rest = api.get_repo("stranger/r")
    assert shown == {
        "id": rest.node_id,
        "databaseId": rest.id,
        "nameWithOwner": "stranger/r",
        "isFork": True,
        "isPrivate": False,
        "url": rest.html_url,
        "owner": {"login": "stranger"},
        "viewerPermission": "ADMIN",
        "defaultBranchRef": {
            "name": "main",
            "prefix": "refs/heads/",
            "target": {"oid": rest.get_branch("main").commit.sha},
        },
        "parent": {"nameWithOwner": "o/r"},
    }


def test_missing_ref_is_null(world: World) -> None:
    query = in_repository('ref(qualifiedName: "refs/heads/missing") { name }')

    assert ask(world.personal(), query) == {"repository": {"ref": None}}


def test_pull_request_is_shown_as_the_rest_api_shows_it(world: World) -> None:
    api = world.personal()
    rest = world.pull(api)
    rest.create_review_request(reviewers=["reviewer"])
    rest.add_to_labels("signing")
    fields = """
      id databaseId number title body state isDraft merged mergedAt mergeable url createdAt closed
      author { login } viewerDidAuthor headRefName headRefOid baseRefName baseRefOid
      headRepository { nameWithOwner } isCrossRepository mergeCommit { oid }
      labels(first: 10) { nodes { name } }
      reviewRequests(first: 10) { nodes { requestedReviewer { ... on User { login } } } }
    """

    shown = ask(api, in_pull(fields))["repository"]["pullRequest"]

    assert shown == {
        "id": rest.node_id,
        "databaseId": rest.id,
        "number": 1,
        "title": "Change",
        "body": "",
        "state": "OPEN",
        "isDraft": False,
        "merged": False,
        "mergedAt": None,
        "mergeable": "MERGEABLE",
        "url": rest.html_url,
        "createdAt": "2026-03-04T05:06:07Z",
        "closed": False,
        "author": {"login": "writer"},
        "viewerDidAuthor": True,
        "headRefName": "sign/a",
        "headRefOid": rest.head.sha,
        "baseRefName": "main",
        "baseRefOid": rest.base.sha,
        "headRepository": {"nameWithOwner": "o/r"},
        "isCrossRepository": False,
        "mergeCommit": None,
        "labels": {"nodes": [{"name": "signing"}]},
        "reviewRequests": {"nodes": [{"requestedReviewer": {"login": "reviewer"}}]},
    }


def test_merged_pull_request_names_its_commit(world: World) -> None:
    api = world.personal()
    merge = world.pull(api).merge()

    query = in_pull("state merged mergedAt closed mergeCommit { oid } mergedBy { login }")

    assert ask(api, query)["repository"]["pullRequest"] == {
        "state": "MERGED",
        "merged": True,
        "mergedAt": "2026-03-04T05:06:07Z",
        "closed": True,
        "mergeCommit": {"oid": merge.sha},
        "mergedBy": {"login": "writer"},
    }


def test_pull_request_from_a_fork_says_so(world: World) -> None:
    world.hub.fork("o/r", "stranger")
    world.push("change", to="stranger/r")
    api = world.personal("stranger")
    api.get_repo("o/r").create_pull(base="main", head="stranger:change", title="t", body="")

    fields = "isCrossRepository headRepository { nameWithOwner } headRepositoryOwner { login }"
    query = in_repository(f"pullRequest(number: 2) {{ {fields} }}")

    assert ask(api, query)["repository"]["pullRequest"] == {
        "isCrossRepository": True,
        "headRepository": {"nameWithOwner": "stranger/r"},
        "headRepositoryOwner": {"login": "stranger"},
    }


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ("states: [OPEN]", [1, 3]),
        ("states: [CLOSED]", [2]),
        ('states: [OPEN], headRefName: "sign/c"', [3]),
        ('baseRefName: "other"', []),
        ('labels: ["signing"]', [3]),
        ("orderBy: {field: CREATED_AT, direction: DESC}", [3, 2, 1]),
    ],
)
def test_pull_requests_are_found(world: World, arguments: str, numbers: list[int]) -> None:
    repository = world.personal().get_repo("o/r")
    for branch in ("sign/b", "sign/c"):
        world.push(branch)
        repository.create_pull(base="main", head=branch, title="t", body="")
    repository.get_pull(2).edit(state="closed")
    repository.get_pull(3).add_to_labels("signing")

    query = in_repository(f"pullRequests(first: 10, {arguments}) {{ nodes {{ number }} }}")
    found = ask(world.personal(), query)["repository"]["pullRequests"]["nodes"]

    assert [each["number"] for each in found] == numbers


def test_branch_lists_the_pull_requests_of_its_own_repository(world: World) -> None:
    world.hub.fork("o/r", "stranger")
    world.push("sign/a", to="stranger/r")
    fork = world.personal("stranger").get_repo("o/r")
    fork.create_pull(base="main", head="stranger:sign/a", title="t", body="")

    pulls = "associatedPullRequests(first: 5, states: [OPEN]) { nodes { number } }"
    query = in_repository(f'ref(qualifiedName: "refs/heads/sign/a") {{ {pulls} }}')

    found = ask(world.personal(), query)["repository"]["ref"]["associatedPullRequests"]
    assert found == {"nodes": [{"number": 1}]}


def test_commit_shows_the_newest_status_of_a_context(world: World) -> None:
    api = world.personal()
    pull = world.pull(api)
    fields = 'status { context(name: "tufline") { state description targetUrl } }'
    query = in_repository(f'object(oid: "{pull.head.sha}") {{ ... on Commit {{ {fields} }} }}')
    assert ask(api, query) == {"repository": {"object": {"status": None}}}

    commit = api.get_repo("o/r").get_commit(pull.head.sha)
    commit.create_status("pending", context="tufline", description="waiting")
    commit.create_status("success", context="tufline", description="ready")
    commit.create_status("failure", context="other")

    shown = ask(api, query)["repository"]["object"]["status"]["context"]
    assert shown == {"state": "SUCCESS", "description": "ready", "targetUrl": None}


def test_issues_are_found_by_state_and_label(world: World) -> None:
    repository = world.personal().get_repo("o/r")
    repository.create_label("failed", "aa0000")
    wanted = repository.create_issue("Publish failed", body="log", labels=["failed"])
    repository.create_issue("Other")
    repository.create_issue("Closed", labels=["failed"]).edit(state="closed")

    fields = "id number title body state viewerDidAuthor labels(first: 9) { nodes { name } }"
    for filters in (
        'states: [OPEN], labels: ["failed"]',
        'filterBy: {states: OPEN, labels: "failed"}',
    ):
        query = in_repository(f"issues(first: 10, {filters}) {{ nodes {{ {fields} }} }}")
        found = ask(world.personal(), query)["repository"]["issues"]["nodes"]
        assert found == [
            {
                "id": wanted.node_id,
                "number": wanted.number,
                "title": "Publish failed",
                "body": "log",
                "state": "OPEN",
                "viewerDidAuthor": True,
                "labels": {"nodes": [{"name": "failed"}]},
            }
        ]


def test_labels_of_the_repository_come_as_they_were_made(world: World) -> None:
    repository = world.personal().get_repo("o/r")
    for name in ("zebra", "apple"):
        repository.create_label(name, "aa0000")

    query = in_repository('labels(first: 9) { nodes { name } } label(name: "apple") { color }')
    shown = ask(world.personal(), query)["repository"]

    assert [label["name"] for label in shown["labels"]["nodes"]] == ["zebra", "apple"]
    assert shown["label"] == {"color": "aa0000"}


def test_comments_come_page_by_page(world: World) -> None:
    pull = world.pull(world.personal())
    for number in range(5):
        pull.create_issue_comment(f"comment {number}")
    query = """
      query($after: String) { repository(owner: "o", name: "r") { pullRequest(number: 1) {
        comments(first: 2, after: $after) {
          totalCount nodes { body } pageInfo { endCursor hasNextPage hasPreviousPage } } } } }
    """
    pages, after = [], None
    while True:
        data = ask(world.personal(), query, after=after)
        comments = data["repository"]["pullRequest"]["comments"]
        pages.append([comment["body"][-1] for comment in comments["nodes"]])
        assert comments["totalCount"] == 5
        assert comments["pageInfo"]["hasPreviousPage"] == (after is not None)
        after = comments["pageInfo"]["endCursor"]
        if not comments["pageInfo"]["hasNextPage"]:
            break

    assert pages == [["0", "1"], ["2", "3"], ["4"]]


def test_last_comments_are_those_at_the_end(world: World) -> None:
    pull = world.pull(world.personal())
    for number in range(3):
        pull.create_issue_comment(f"comment {number}")

    query = in_pull("comments(last: 2) { nodes { body } pageInfo { hasPreviousPage hasNextPage } }")
    comments = ask(world.personal(), query)["repository"]["pullRequest"]["comments"]

    assert [comment["body"] for comment in comments["nodes"]] == ["comment 1", "comment 2"]
    assert comments["pageInfo"] == {"hasPreviousPage": True, "hasNextPage": False}


def test_comment_names_who_edited_it(world: World) -> None:
    rest = world.pull(world.personal()).create_issue_comment("as written")
    fields = "id databaseId body author { login } viewerDidAuthor lastEditedAt createdAt url"
    query = in_pull(f"comments(first: 1) {{ nodes {{ {fields} editor {{ login }} }} }}")
    written = {
        "id": rest.raw_data["node_id"],
        "databaseId": rest.id,
        "body": "as written",
        "author": {"login": "writer"},
        "viewerDidAuthor": True,
        "lastEditedAt": None,
        "createdAt": "2026-03-04T05:06:07Z",
        "url": rest.html_url,
        "editor": None,
    }

    def shown(login: str) -> dict[str, Any]:
        data = ask(world.personal(login), query)["repository"]["pullRequest"]
        [comment] = data["comments"]["nodes"]
        return dict(comment)

    assert shown("writer") == written

    world.pull(world.personal("o")).get_issue_comment(rest.id).edit("forged")
    assert shown("o") == {
        **written,
        "body": "forged",
        "viewerDidAuthor": False,
        "lastEditedAt": "2026-03-04T05:06:07Z",
        "editor": {"login": "o"},
    }


def test_connection_wants_bounds_unless_it_is_only_counted(world: World) -> None:
    api = world.personal()

    unbounded = error_type(api, in_pull("comments { nodes { body } }"))
    assert unbounded == ("MISSING_PAGINATION_BOUNDARIES", _UNBOUNDED)
    excessive = error_type(api, in_pull("comments(first: 101) { nodes { body } }"))
    assert excessive == ("EXCESSIVE_PAGINATION", _EXCESSIVE)
    counted = ask(api, in_pull("comments { totalCount }"))
    assert counted == {"repository": {"pullRequest": {"comments": {"totalCount": 0}}}}


def test_unknown_cursor_is_refused(world: World) -> None:
    query = in_pull('comments(first: 1, after: "x") { nodes { body } }')

    assert error_type(world.personal(), query) == (
        "INVALID_CURSOR_ARGUMENTS",
        "`x` does not appear to be a valid cursor.",
    )


def test_node_is_found_by_the_id_of_the_rest_api(world: World) -> None:
    api = world.personal()
    pull = world.pull(api)
    comment = pull.create_issue_comment("hello").raw_data["node_id"]
    issue = api.get_repo("o/r").create_issue("title")
    ids = [
        api.get_repo("o/r").node_id,
        pull.node_id,
        pull.as_issue().node_id,
        issue.node_id,
        comment,
    ]

    query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    nodes = ask(api, query, ids=ids)["nodes"]

    kinds = ["Repository", "PullRequest", "PullRequest", "Issue", "IssueComment"]
    assert [node["__typename"] for node in nodes] == kinds
    assert [node["id"] for node in nodes] == ids


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            '{ repository(owner: "o", name: "missing") { id } }',
            "Could not resolve to a Repository with the name 'o/missing'.",
        ),
        (
            in_repository("pullRequest(number: 7) { id }"),
            "Could not resolve to a PullRequest with the number of 7.",
        ),
        (
            in_repository("issue(number: 1) { id }"),
            "Could not resolve to an Issue with the number of 1.",
        ),
        ('{ node(id: "x") { id } }', "Could not resolve to a node with the global id of 'x'."),
    ],
)
def test_what_is_not_there_is_not_found(world: World, query: str, message: str) -> None:
    with pytest.raises(UnknownObjectException) as caught:
        ask(world.personal(), query)

    assert caught.value.data["errors"][0]["message"] == message


def test_private_repository_is_not_found_by_others(world: World) -> None:
    world.repository.private = True
    pull = world.repository.issues[1].node_id

    for query in (in_repository("id"), f'{{ node(id: "{pull}") {{ id }} }}'):
        with pytest.raises(UnknownObjectException):
            ask(world.personal("stranger"), query)


def test_pull_request_becomes_a_draft_and_ready_again(world: World) -> None:
    pull = world.pull(world.personal())
    world.hub.events.clear()

    assert pull.convert_to_draft("mine")["clientMutationId"] == "mine"
    assert world.pull(world.personal()).draft
    pull.convert_to_draft()
    pull.mark_ready_for_review()

    assert not world.pull(world.personal()).draft
    actions = [event.payload["action"] for event in world.hub.events]
    assert actions == ["converted_to_draft", "ready_for_review"]


def test_pull_request_is_closed_and_reopened(world: World) -> None:
    api = world.personal()
    pull = world.pull(api).node_id

    def change(mutation: str) -> dict[str, Any]:
        requested = {"pullRequestId": pull}
        return api.requester.graphql_named_mutation(mutation, requested, "pullRequest { state }")[1]

    assert change("closePullRequest") == {"pullRequest": {"state": "CLOSED"}}
    with pytest.raises(GithubException, match="UNPROCESSABLE"):
        change("closePullRequest")
    assert change("reopenPullRequest") == {"pullRequest": {"state": "OPEN"}}
    with pytest.raises(GithubException, match="UNPROCESSABLE"):
        change("reopenPullRequest")


def test_pull_request_whose_branch_is_gone_cannot_be_reopened(world: World) -> None:
    api = world.personal()
    pull = world.pull(api)
    api.get_repo("o/r").get_git_ref("heads/sign/a").delete()

    with pytest.raises(GithubException, match="Could not open the pull request"):
        api.requester.graphql_named_mutation(
            "reopenPullRequest", {"pullRequestId": pull.node_id}, "pullRequest { state }"
        )


def test_automatic_merge_is_not_allowed(world: World) -> None:
    with pytest.raises(GithubException, match="Auto merge is not allowed for this repository"):
        world.pull(world.personal()).enable_automerge()


@pytest.mark.parametrize(
    "permissions",
    [
        {"pull_requests": "read"},
        {"pull_requests": "write"},
        {"contents": "write", "pull_requests": "read"},
    ],
)
def test_token_of_actions_needs_two_permissions_to_change_the_draft_state(
    world: World, permissions: Mapping[str, str]
) -> None:
    with pytest.raises(GithubException) as caught:
        world.pull(world.actions(**permissions)).convert_to_draft()

    [error] = caught.value.data["errors"]
    assert error["type"] == "FORBIDDEN"
    assert error["path"] == ["convertPullRequestToDraft"]
    assert error["message"] == "Resource not accessible by integration"
    world.pull(world.actions(contents="write", pull_requests="write")).convert_to_draft()


def test_stranger_changes_only_a_pull_request_of_their_own(world: World) -> None:
    world.hub.fork("o/r", "stranger")
    world.push("change", to="stranger/r")
    repository = world.personal("stranger").get_repo("o/r")
    own = repository.create_pull(base="main", head="stranger:change", title="t", body="")

    own.convert_to_draft()
    with pytest.raises(GithubException, match="FORBIDDEN"):
        repository.get_pull(1).convert_to_draft()


def test_token_without_the_permission_to_read_is_forbidden(world: World) -> None:
    kind, message = error_type(world.actions(contents="read"), in_pull("id"))

    assert (kind, message) == ("FORBIDDEN", "Resource not accessible by integration")


def test_query_that_breaks_the_schema_is_an_error(world: World) -> None:
    api = world.personal()

    assert "Cannot query field 'isDraught'" in errors(api, in_pull("isDraught"))[0]["message"]
    assert "Syntax Error" in errors(api, "{ viewer")[0]["message"]
    [error] = errors(api, "query($id: ID!) { node(id: $id) { id } }")
    assert "Expected a value of non-null type 'ID!'" in error["message"]


def test_request_without_a_token_is_refused(world: World) -> None:
    api = Github(base_url=world.hub.api_url, retry=None)

    with pytest.raises(GithubException) as caught:
        ask(api, "{ viewer { login } }")

    assert caught.value.status == 401


def test_field_that_the_emulator_does_not_know_fails_the_test(tmp_path: Path) -> None:
    violation = "emulator does not know PullRequest.additions"

    with pytest.raises(AssertionError, match=violation), serve(tmp_path) as hub:  # noqa: PT012 - both
        [error] = errors(new_world(hub).personal(), in_pull("additions"))
        assert error["message"] == violation


def test_answer_against_the_schema_fails_the_test(tmp_path: Path) -> None:
    with (  # noqa: PT012 - both are one block
        pytest.raises(AssertionError, match=re.escape("no [0-9a-f]{40}: 'short'")),
        serve(tmp_path) as hub,
    ):
        world = new_world(hub)
        pull = world.repository.issues[1].pull
        assert pull
        pull.head_sha = "short"
        assert errors(world.personal(), in_pull("headRefOid"))


def test_mutation_can_take_effect_and_lose_its_answer(world: World) -> None:
    pull = world.pull(world.personal())
    world.hub.faults.add(Fault(path="graphql:convertPullRequestToDraft", kind=Kind.BREAK_AFTER))

    with pytest.raises(Exception, match="Connection aborted"):
        pull.convert_to_draft()

    assert world.pull(world.personal()).draft
