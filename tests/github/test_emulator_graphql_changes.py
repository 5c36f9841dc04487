"""Mutations by the emulator's GraphQL: what they change, and who may."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from github import GithubException
from tests.github.querying import World, graphql_world
from tests.support.github import Fault, Kind


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with graphql_world(tmp_path) as world:
        yield world


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


def test_mutation_can_take_effect_and_lose_its_answer(world: World) -> None:
    pull = world.pull(world.personal())
    world.hub.faults.add(Fault(path="graphql:convertPullRequestToDraft", kind=Kind.BREAK_AFTER))

    with pytest.raises(Exception, match="Connection aborted"):
        pull.convert_to_draft()

    assert world.pull(world.personal()).draft
