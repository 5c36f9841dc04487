"""The contract of `Forge`, against the plain git server and the fake."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.memory_forge import MemoryForge
from tests.support.memory_history import Fault, When

from tufline.repository.forge import BareForge, EventStatus, Forge, ForgeFailed
from tufline.repository.history import Commit

STATUS = EventStatus(
    event="sign/a",
    main=Commit("1" * 40),
    head=Commit("2" * 40),
    verdict="waiting",
    summary="waiting for @ä",
    text="**waiting** for @ä\n",
)


@pytest.fixture(params=["memory", "bare"])
def forge(request: pytest.FixtureRequest, tmp_path: Path) -> Forge:
    return MemoryForge() if request.param == "memory" else BareForge(tmp_path)


def test_new_forge_shows_nothing(forge: Forge) -> None:
    assert (forge.statuses(), forge.problems()) == ({}, {})


def test_shown_status_is_read_back(forge: Forge) -> None:
    forge.show(STATUS)

    assert forge.statuses() == {"sign/a": STATUS}


def test_later_status_replaces_only_its_own_event(forge: Forge) -> None:
    other = replace(STATUS, event="sign/a/b")
    ready = replace(STATUS, verdict="ready")
    for status in (STATUS, other, ready, ready):
        forge.show(status)

    assert forge.statuses() == {"sign/a": ready, "sign/a/b": other}


def test_statuses_are_sorted_by_event(forge: Forge) -> None:
    for event in ("sign/c", "sign/a", "sign/b"):
        forge.show(replace(STATUS, event=event))

    assert list(forge.statuses()) == ["sign/a", "sign/b", "sign/c"]


def test_forgotten_event_is_gone_and_may_be_forgotten_again(forge: Forge) -> None:
    forge.show(STATUS)
    for _ in range(2):
        forge.forget("sign/a")

    assert forge.statuses() == {}


def test_problem_is_one_per_job_with_the_latest_text(forge: Forge) -> None:
    forge.open_problem("publish", "first")
    forge.open_problem("publish", "second\nline ö")
    forge.open_problem("signing-event sign/a", "other")

    assert forge.problems() == {"publish": "second\nline ö", "signing-event sign/a": "other"}


def test_closed_problem_is_gone_and_may_be_closed_again(forge: Forge) -> None:
    forge.open_problem("publish", "text")
    for _ in range(2):
        forge.close_problem("publish")

    assert forge.problems() == {}


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
