"""Pages and errors of the emulator's GraphQL, which are GitHub's, and answers it does not have."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from github import Github, GithubException, UnknownObjectException
from tests.github.querying import (
    World,
    ask,
    error_type,
    errors,
    graphql_world,
    in_pull,
    in_repository,
)

_UNBOUNDED = (
    "You must provide a `first` or `last` value to properly paginate the `comments` connection."
)
_EXCESSIVE = (
    "Requesting 101 records on the `comments` connection exceeds the `first` limit of 100 records."
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with graphql_world(tmp_path) as world:
        yield world


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

    with (  # noqa: PT012 - both are one block
        pytest.raises(AssertionError, match=violation),
        graphql_world(tmp_path) as world,
    ):
        [error] = errors(world.personal(), in_pull("additions"))
        assert error["message"] == violation


def test_answer_against_the_schema_fails_the_test(tmp_path: Path) -> None:
    with (  # noqa: PT012 - both are one block
        pytest.raises(AssertionError, match=re.escape("no [0-9a-f]{40}: 'short'")),
        graphql_world(tmp_path) as world,
    ):
        pull = world.repository.issues[1].pull
        assert pull
        pull.head_sha = "short"
        assert errors(world.personal(), in_pull("headRefOid"))
