"""The contract of `Forge`: the fake, the plain git server, and GitHub by its emulator."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.support.forges import WORLDS, World, world_of
from tests.support.memory_forge import MemoryForge
from tests.support.memory_history import Fault, When

from tufline.repository.forge import (
    Act,
    Ask,
    BareForge,
    EventStatus,
    Forge,
    ForgeFailed,
    ProposalFacts,
    Task,
)
from tufline.repository.history import Commit, Moved

STATUS = EventStatus(
    event="sign/a",
    main=Commit("1" * 40),
    head=Commit("2" * 40),
    verdict="waiting",
    summary="waiting for @ä",
    text="**waiting** for @ä\n",
)
ANN = Ask(act=Act.SIGN, who="@ann", role="root")
BO = Ask(act=Act.SIGN, who="@bo", role="npm")


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with world_of(request.param, tmp_path) as world:
        world.commit("main")
        yield world


def status(world: World, event: str = "sign/a", **changes: Any) -> EventStatus:  # noqa: ANN401 - any field
    """Return the status of an event that has a new commit."""
    head = world.commit(event)
    return replace(STATUS, event=event, head=head, **changes)


def test_new_forge_shows_nothing(world: World) -> None:
    assert (world.forge.statuses(), world.forge.problems()) == ({}, {})


@pytest.mark.parametrize("verdict", ["waiting", "ready", "refused", "unchanged"])
def test_shown_status_is_read_back(world: World, verdict: str) -> None:
    shown = status(world, verdict=verdict, asks=(ANN, BO), signed=(("root", "@bo"),))
    world.forge.show(shown)

    assert world.forge.statuses() == {"sign/a": shown}


def test_later_status_replaces_only_its_own_event(world: World) -> None:
    waiting, other = status(world), status(world, "sign/b/c")
    ready = replace(waiting, verdict="ready")
    for each in (waiting, other, ready, ready):
        world.forge.show(each)

    assert world.forge.statuses() == {"sign/a": ready, "sign/b/c": other}


def test_status_of_a_new_head_replaces_the_one_before(world: World) -> None:
    world.forge.show(status(world))
    later = status(world)
    world.forge.show(later)

    assert world.forge.statuses() == {"sign/a": later}


def test_statuses_are_sorted_by_event(world: World) -> None:
    for event in ("sign/c", "sign/a", "sign/b"):
        world.forge.show(status(world, event))

    assert list(world.forge.statuses()) == ["sign/a", "sign/b", "sign/c"]


def test_forgotten_event_is_gone_and_may_be_forgotten_again(world: World) -> None:
    world.forge.show(status(world))
    for _ in range(2):
        world.forge.forget("sign/a")

    assert world.forge.statuses() == {}


def test_event_that_was_never_shown_may_be_forgotten(world: World) -> None:
    world.forge.forget("sign/never")

    assert world.forge.statuses() == {}


def test_people_are_told_once_until_they_are_asked_anew(world: World) -> None:
    first = status(world, asks=(ANN,))
    both, nobody = replace(first, asks=(ANN, BO)), replace(first, asks=())
    for each in (first, first, both, both, nobody, first):
        world.forge.show(each)

    told = [("sign/a", ANN), ("sign/a", BO), ("sign/a", ANN)]
    assert world.told() == (told if world.by_design else [])


def test_problem_is_one_per_job_with_the_latest_text(world: World) -> None:
    world.forge.open_problem("publish", "first")
    world.forge.open_problem("publish", "second\nline ö")
    world.forge.open_problem("signing-event sign/a", "other")

    assert world.forge.problems() == {
        "publish": "second\nline ö",
        "signing-event sign/a": "other",
    }


def test_closed_problem_is_gone_and_may_be_closed_again(world: World) -> None:
    world.forge.open_problem("publish", "text")
    for _ in range(2):
        world.forge.close_problem("publish")

    assert world.forge.problems() == {}


def test_problem_that_comes_back_is_open_again(world: World) -> None:
    world.forge.open_problem("publish", "text")
    world.forge.close_problem("publish")
    world.forge.open_problem("publish", "again")

    assert world.forge.problems() == {"publish": "again"}


def test_merging_again_returns_the_same_commit(world: World) -> None:
    ready = status(world, verdict="ready")
    world.forge.show(ready)
    merged = [world.forge.merge("sign/a", head=ready.head, message="Merge") for _ in range(2)]

    assert merged[0] == merged[1]
    assert (merged[0] is not None) == world.by_design
    assert merged[0] != ready.head


def test_event_that_moved_is_not_merged(world: World) -> None:
    ready = status(world, verdict="ready")
    world.forge.show(ready)
    world.commit("sign/a")

    if world.by_design:
        with pytest.raises(Moved):
            world.forge.merge("sign/a", head=ready.head, message="Merge")
    else:
        assert world.forge.merge("sign/a", head=ready.head, message="Merge") is None


def test_facts_are_known_of_what_the_forge_merged(world: World) -> None:
    ready = status(world, verdict="ready")
    world.forge.show(ready)
    merged = world.forge.merge("sign/a", head=ready.head, message="Merge")

    if world.by_design:
        assert merged
        assert world.forge.facts(merged).title
    else:
        assert world.forge.facts(ready.head) == ProposalFacts()


def test_contributions_come_oldest_first_until_they_are_declined(world: World) -> None:
    world.forge.show(status(world))
    first, second = world.offer("sign/a"), world.offer("sign/a")
    offered = [world.forge.contributions("sign/a")]
    for _ in range(2):
        world.forge.decline(first, "it holds more than signatures")
        offered.append(world.forge.contributions("sign/a"))

    known = [(first, second), (second,), (second,)]
    assert offered == (known if world.by_design else [(), (), ()])
    answers = ["it holds more than signatures"] if world.by_design else []
    assert [world.declined(first), world.declined(second)] == [answers, []]


def test_declined_contribution_with_a_new_head_is_offered_anew(world: World) -> None:
    world.forge.show(status(world))
    first = world.offer("sign/a")
    world.forge.decline(first, "no")
    again = world.offer_again(first)

    assert world.forge.contributions("sign/a") == ((again,) if world.by_design else ())


def test_contribution_to_another_event_is_not_the_events(world: World) -> None:
    for event in ("sign/a", "sign/b"):
        world.forge.show(status(world, event))
    world.offer("sign/b")

    assert world.forge.contributions("sign/a") == ()


def test_others_come_newest_first_and_events_are_none_of_them(world: World) -> None:
    world.forge.show(status(world))
    world.offer("sign/a")
    first, second = world.propose(), world.propose()

    assert world.forge.others() == ((second, first) if world.by_design else ())


def test_whether_another_may_be_merged_is_said_once_until_it_changes(world: World) -> None:
    proposal = world.propose()
    for allowed, summary in ((True, "no event"), (True, "no event"), (False, "it is an event")):
        world.forge.clear(proposal, allowed=allowed, summary=summary)

    said = world.cleared(proposal)
    assert said[-1:] == ([(False, "it is an event")] if world.by_design else [])
    assert len(said) <= 2
    assert bool(world.forge.others()) == world.by_design


def test_jobs_can_be_asked_for(world: World) -> None:
    world.forge.request(Task.SIGNING_EVENT, "sign/a")
    world.forge.request(Task.ONLINE_SIGN)

    asked = [(Task.SIGNING_EVENT, "sign/a"), (Task.ONLINE_SIGN, None)]
    assert world.requested() == (asked if world.by_design else [])


@pytest.mark.parametrize(
    "name", ["sign/../../x", "sign/a%2Fb", "sign/a b", "sign/ö", "sign/a.json"]
)
def test_any_event_name_is_kept_apart_and_inside_the_folder(name: str, tmp_path: Path) -> None:
    forge = BareForge(tmp_path / "repository")
    forge.show(replace(STATUS, event=name))
    forge.open_problem(name, "text")

    assert (list(forge.statuses()), list(forge.problems())) == ([name], [name])
    assert [path.name for path in tmp_path.iterdir()] == ["repository"]
    assert len(list((tmp_path / "repository/tufline/events").iterdir())) == 1


OPERATIONS: dict[str, Callable[[Forge], object]] = {
    "show": lambda forge: forge.show(replace(STATUS, verdict="ready")),
    "forget": lambda forge: forge.forget("sign/a"),
    "open_problem": lambda forge: forge.open_problem("publish", "later"),
    "close_problem": lambda forge: forge.close_problem("publish"),
}


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_fake_fails_before_or_after_its_effect(operation: str, when: When) -> None:
    forge, undisturbed = MemoryForge(), MemoryForge()
    for each in (forge, undisturbed):
        each.show(STATUS)
        each.open_problem("publish", "text")
    before = (forge.statuses(), forge.problems())
    OPERATIONS[operation](undisturbed)
    forge.fault = Fault(
        nth=forge.performed.count(operation) + 1,
        when=when,
        operation=operation,
        error=ForgeFailed("gone"),
    )
    with pytest.raises(ForgeFailed):
        OPERATIONS[operation](forge)

    done = (undisturbed.statuses(), undisturbed.problems())
    assert (forge.statuses(), forge.problems()) == (before if when is When.BEFORE else done)
