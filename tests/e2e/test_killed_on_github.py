"""Jobs on GitHub that are killed at any request, before or after it took effect, and run again.

What `tests/jobs/test_killed.py` does with fakes is done here with the real adapter, real git and
the emulated GitHub. Nobody is told twice, and nothing is opened twice.
"""

import re
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest
from tests.attacks.github import World, tuf_on_github
from tests.e2e.killing import SCENARIOS, Disturbance, disturb, seen
from tests.support.github import Request

from tufline.repository.errors import TuflineError

pytestmark = pytest.mark.no_cover  # the same code over very many cases

_NUMBER: Final = re.compile(r"[0-9a-f]{40}|\d+")

# What a reading request asks is asked again by the next run: one of each kind will do.
_READS: Final = frozenset({"info/refs", "graphql:repository"})


def requests_of(world: World, name: str) -> list[Request]:
    """Run the job, and return what it asked GitHub for."""
    before = len(world.github.hub.requests)
    SCENARIOS[name].job(world)
    return world.github.hub.requests[before:]


def points(requests: list[Request], disturbance: Disturbance) -> list[int]:
    """Return at which requests, counted from 1, to disturb a job: one of each kind.

    Killed before a request that follows a change is killed after that change: GitHub is the same.
    """
    numbered = list(enumerate(requests, 1))
    changes = {_kind(each): nth for nth, each in numbered if each.mutating}
    if disturbance is not Disturbance.KILLED_BEFORE:
        return sorted(changes.values())
    reads = {_kind(each): nth for nth, each in numbered if not each.mutating}
    some = {nth for kind, nth in reads.items() if kind in _READS}
    after_reads = {nth for nth in changes.values() if nth == 1 or not requests[nth - 2].mutating}
    return sorted(some | after_reads)


def _kind(request: Request) -> str:
    """Return what a request asks for, whichever event or commit it asks it of."""
    if request.path.endswith("/info/refs"):
        return "info/refs"
    return (
        f"{request.method} {_NUMBER.sub('N', request.path)}" if request.mutating else request.path
    )


def differences(
    one: dict[str, Any], other: dict[str, Any], disturbance: Disturbance | None = None
) -> dict[str, Any]:
    if disturbance is Disturbance.BROKEN_AFTER:
        one, other = _without_solved(one), _without_solved(other)
    return {key: (one[key], other[key]) for key in one if one[key] != other[key]}


def _without_solved(found: dict[str, Any]) -> dict[str, Any]:
    """Leave out problems that are over: whoever survives a failure reports it."""
    open_ones = {
        number: each
        for number, each in found["issues"].items()
        if each["pull"] or each["state"] == "open"
    }
    return {**found, "issues": open_ones, "labels": {}}


@pytest.mark.parametrize("disturbance", Disturbance)
@pytest.mark.parametrize("name", SCENARIOS)
def test_disturbed_at_any_request_and_run_again_ends_as_undisturbed(
    tmp_path: Path, name: str, disturbance: Disturbance
) -> None:
    with tuf_on_github(tmp_path, SCENARIOS[name].main) as world:
        SCENARIOS[name].prepare(world)
        start = seen(world)
        restore = world.save()
        requests = requests_of(world, name)
        expected = seen(world)
        assert expected != start
        for nth in points(requests, disturbance):
            restore()
            disturb(world, disturbance, nth)
            before = len(world.github.hub.requests)
            with suppress(TuflineError):
                SCENARIOS[name].job(world)
            assert len(world.github.hub.requests) - before >= nth
            world.github.hub.faults.faults.clear()
            SCENARIOS[name].job(world)

            where = f"{disturbance} request {nth}: {requests[nth - 1]}"
            assert differences(seen(world), expected, disturbance) == {}, where


@pytest.mark.parametrize("name", SCENARIOS)
def test_second_run_changes_nothing_that_people_see(tmp_path: Path, name: str) -> None:
    with tuf_on_github(tmp_path, SCENARIOS[name].main) as world:
        SCENARIOS[name].prepare(world)
        requests_of(world, name)
        after_one = seen(world)

        again = requests_of(world, name)

        assert differences(seen(world), after_one) == {}
        changes = {each.path for each in again if each.mutating}
        assert all(path.endswith("/dispatches") for path in changes)
