"""What the emulator's GraphQL shows, which is what its REST API shows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.github.querying import World, ask, graphql_world, in_pull, in_repository


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with graphql_world(tmp_path) as world:
        yield world


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
