"""The fake's own promise: it fails where it is told to, once, before or after the effect."""

from collections.abc import Callable

import pytest
from tests.history.helpers import commit
from tests.support.memory_history import Fault, Killed, MemoryHistory, When

from tufline.repository.history import Move, RemoteUnreachable


def job(history: MemoryHistory) -> None:
    """Put a first commit on main, unless it is there."""
    history.refresh()
    if "main" not in history.branches():
        history.move([Move(branch="main", old=None, new=commit(history, {"a": b"1"}))])


def test_operations_are_listed_in_order() -> None:
    history = MemoryHistory()
    job(history)
    assert history.performed == ["refresh", "branches", "write", "move"]


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("nth", range(1, 5))
def test_job_that_is_killed_anywhere_can_run_again(nth: int, when: When) -> None:
    history = MemoryHistory(fault=Fault(nth=nth, when=when))
    with pytest.raises(Killed):
        job(history)
    assert len(history.performed) == nth
    job(history)
    assert list(history.branches()) == ["main"]


@pytest.mark.parametrize(("when", "moved"), [(When.BEFORE, False), (When.AFTER, True)])
def test_fault_strikes_on_its_side_of_the_effect(when: When, moved: bool) -> None:  # noqa: FBT001 - a case
    error = RemoteUnreachable("gone")
    history = MemoryHistory(fault=Fault(nth=1, when=when, operation="move", error=error))
    with pytest.raises(RemoteUnreachable):
        job(history)
    assert ("main" in history.branches()) is moved


def test_fault_counts_its_own_operation_only() -> None:
    history = MemoryHistory(fault=Fault(nth=2, when=When.BEFORE, operation="write"))
    first = commit(history, {"a": b"1"})
    history.info(first)
    with pytest.raises(Killed):
        commit(history, {"a": b"2"})
    assert commit(history, {"a": b"2"})


@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("resolve", lambda history, made: history.resolve(made)),
        ("branches", lambda history, _: history.branches()),
        ("info", lambda history, made: history.info(made)),
        ("first_parents", lambda history, made: history.first_parents(made)),
        ("merge_bases", lambda history, made: history.merge_bases(made, made)),
        ("contains", lambda history, made: history.contains(made, made)),
        ("files", lambda history, made: history.files(made)),
    ],
)
def test_reads_fail_too(operation: str, call: Callable[[MemoryHistory, str], object]) -> None:
    history = MemoryHistory()
    made = commit(history, {"a": b"1"})
    history.fault = Fault(nth=1, when=When.BEFORE, operation=operation)
    with pytest.raises(Killed):
        call(history, made)
    assert call(history, made) is not None
