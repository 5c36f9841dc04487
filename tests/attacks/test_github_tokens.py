"""A token with too few rights: it is said which are missing, nobody is told half, and a job goes on
once they are there.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest
from tests.attacks.github import World, tuf_on_github
from tests.e2e.killing import SCENARIOS, seen
from tests.support.on_github import BOT, GRANTED, NAME

from tufline.repository.errors import TuflineError
from tufline.repository.jobs._steps import Step
from tufline.repository.jobs.watch import Watched

CASES: Final = (
    ("contents", "event_is_new"),
    ("contents", "event_is_ready"),
    ("contents", "event_is_merged_at_threshold"),
    ("contents", "event_is_merged_by_a_maintainer"),
    ("contents", "forks_offer_a_signature_and_something_else"),
    ("contents", "roles_are_due"),
    ("contents", "event_was_merged"),
    ("pull-requests", "event_is_new"),
    ("pull-requests", "event_waits_for_more_people"),
    ("statuses", "event_is_new"),
    ("statuses", "event_is_ready"),
    ("statuses", "event_is_refused"),
    ("actions", "event_was_pushed"),
    ("actions", "event_waits_for_an_online_key"),
    ("actions", "event_is_merged_at_threshold"),
    ("actions", "roles_are_due"),
    ("issues", "events_of_all_kinds_are_open"),
    ("issues", "workflow_fails"),
    ("issues", "workflow_works_again"),
)


def lacking(world: World, permission: str, *, level: str | None) -> str:
    """Return a token that has everything but this."""
    granted = {name: each for name, each in GRANTED.items() if name != permission}
    if level:
        granted[permission] = level
    return world.github.hub.token("octo", repository=NAME, permissions=granted, kind="actions")


def complaints(world: World, name: str) -> Iterator[str]:
    """Run the job, and yield what it says of its failures: each problem and its hint."""
    try:
        result = SCENARIOS[name].job(world)
    except TuflineError as error:
        yield f"{error}; {error.hint}"
        return
    if isinstance(result, Watched):
        yield from map(str, result.unsent)
    elif isinstance(result, Iterable):
        yield from (each.problem for each in result if isinstance(each, Step) and each.problem)


def comments(world: World) -> list[tuple[int, str]]:
    """Return all that we have told people, by issue."""
    return [
        (issue.number, each.body)
        for issue in world.github.repository.issues.values()
        for each in issue.comments
        if each.author == BOT
    ]


@pytest.mark.parametrize(("permission", "name"), CASES)
def test_attack_token_with_too_few_rights_is_named_and_nothing_is_half_told(
    tmp_path: Path, permission: str, name: str
) -> None:
    with tuf_on_github(tmp_path, SCENARIOS[name].main) as world:
        SCENARIOS[name].prepare(world)
        token, restore, told = world.token, world.save(), comments(world)
        SCENARIOS[name].job(world)
        expected = seen(world)
        told += comments(world)
        restore()
        world.token = lacking(world, permission, level="read")

        said = list(complaints(world, name))

        assert said
        assert any(f"{permission}: write" in each for each in said), said
        assert any("`permissions:` of the job" in each for each in said), said
        assert set(comments(world)) <= set(told)
        world.token = token
        SCENARIOS[name].job(world)
        assert seen(world) == expected


@pytest.mark.parametrize("permission", sorted(GRANTED))
def test_attack_token_that_may_only_read_this_repository_does_nothing(
    tmp_path: Path, permission: str
) -> None:
    name = "events_of_all_kinds_are_open"
    with tuf_on_github(tmp_path, SCENARIOS[name].main) as world:
        SCENARIOS[name].prepare(world)
        before = seen(world)
        hub = world.github.hub
        only = {permission: "read", "contents": "read"}
        world.token = hub.token("octo", repository=NAME, permissions=only, kind="actions")

        assert list(complaints(world, name))
        assert seen(world) == before
