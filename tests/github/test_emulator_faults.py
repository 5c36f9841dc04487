"""The emulated GitHub fails as ordered, and the log tells what was asked."""

from collections.abc import Iterator

import pytest
import requests
from github import Auth, Github, GithubException, GithubRetry, RateLimitExceededException
from github.Repository import Repository as ApiRepository
from tests.github.asking import Ask
from tests.support.github import Fault, Hub, Kind

BREAKS = [Kind.BREAK_BEFORE, Kind.BREAK_AFTER]


def titles(repository: ApiRepository) -> list[str]:
    return [issue.title for issue in repository.get_issues()]


@pytest.fixture
def patient(hub: Hub, ask: Ask) -> Iterator[ApiRepository]:
    """The repository as a client finds it that tries again."""
    ask()
    retry = GithubRetry(total=3, backoff_factor=0, secondary_rate_wait=0)
    auth = Auth.Token(hub.token("alice"))
    with Github(
        base_url=hub.api_url,
        auth=auth,
        retry=retry,
        seconds_between_requests=0,
        seconds_between_writes=0,
    ) as api:
        yield api.get_repo("octo/tuf")


@pytest.mark.parametrize("status", [403, 404, 409, 422, 429, 500, 502, 503])
def test_status_is_answered_once_and_nothing_is_done(ask: Ask, hub: Hub, status: int) -> None:
    repository = ask()
    hub.faults.add(Fault(method="POST", path="/issues$", kind=status))

    with pytest.raises(GithubException) as error:
        repository.create_issue("first")
    repository.create_issue("second")

    assert error.value.status == status
    assert titles(repository) == ["second"]
    assert hub.violations == []


def test_secondary_limit_is_recognised(ask: Ask, hub: Hub) -> None:
    repository = ask()
    hub.faults.add(Fault(path="/issues", kind=Kind.SECONDARY_LIMIT))

    with pytest.raises(RateLimitExceededException):
        repository.create_issue("first")

    assert titles(repository) == []


@pytest.mark.parametrize("kind", [500, 502, Kind.SECONDARY_LIMIT, Kind.BREAK_BEFORE])
def test_client_that_tries_again_gets_through(
    patient: ApiRepository, hub: Hub, kind: int | Kind
) -> None:
    hub.faults.add(Fault(method="POST", path="/issues$", kind=kind, times=2))
    patient.create_issue("first")

    assert titles(patient) == ["first"]
    assert [each.mutating for each in hub.requests].count(True) == 3


@pytest.mark.parametrize("kind", BREAKS)
def test_connection_breaks_before_or_after_the_effect(ask: Ask, hub: Hub, kind: Kind) -> None:
    repository = ask()
    hub.faults.add(Fault(method="POST", kind=kind))

    with pytest.raises(requests.ConnectionError):
        repository.create_issue("first")

    assert titles(repository) == ([] if kind is Kind.BREAK_BEFORE else ["first"])
    assert [each.status for each in hub.requests if each.mutating] == [0]


def test_client_that_tries_again_after_the_effect_does_it_twice(
    patient: ApiRepository, hub: Hub
) -> None:
    hub.faults.add(Fault(method="POST", kind=Kind.BREAK_AFTER))
    patient.create_issue("first")

    assert titles(patient) == ["first", "first"]


def test_nth_matching_request_is_struck(ask: Ask, hub: Hub) -> None:
    repository = ask()
    hub.faults.add(Fault(method="POST|PATCH", path=r"/issues(/\d+)?$", kind=500, nth=3))
    issue = repository.create_issue("first")
    issue.edit(title="FIRST")

    with pytest.raises(GithubException):
        repository.create_issue("second")
    repository.create_issue("third")
    assert titles(repository) == ["third", "FIRST"]


def test_every_kill_point_of_a_job_can_be_reached(ask: Ask, hub: Hub) -> None:
    repository = ask()

    def job() -> None:
        repository.create_issue("a").create_comment("b")
        repository.create_label("c", "ffffff")

    hub.requests.clear()
    job()
    points = len(hub.requests)
    assert points == 3

    for nth in range(1, points + 1):
        hub.faults.faults[:] = [Fault(kind=Kind.BREAK_BEFORE, nth=nth, times=100)]
        hub.requests.clear()
        with pytest.raises((requests.ConnectionError, GithubException)):
            job()
        assert len([each for each in hub.requests if each.status]) == nth - 1


def test_graphql_is_struck_by_the_name_of_its_field(ask: Ask, hub: Hub) -> None:
    requester = ask().requester
    hub.faults.add(Fault(path="^graphql:viewer$", kind=502))

    with pytest.raises(GithubException) as error:
        requester.graphql_query("query { viewer { login } }", {})

    assert error.value.status == 502
    assert [(each.path, each.mutating) for each in hub.requests][-1] == ("graphql:viewer", False)


def test_graphql_mutation_counts_as_one(ask: Ask, hub: Hub) -> None:
    requester = ask().requester
    hub.faults.add(Fault(path="^graphql:", kind=Kind.BREAK_BEFORE))

    with pytest.raises(requests.ConnectionError):
        requester.graphql_named_mutation(
            "markPullRequestReadyForReview", {"pullRequestId": "PR_1"}, "clientMutationId"
        )

    last = hub.requests[-1]
    assert (last.path, last.mutating) == ("graphql:markPullRequestReadyForReview", True)
