"""How every history moves branches: see `test_contract` for the rest of the contract."""

import pytest
from tests.history.helpers import commit, create

from tufline.repository.history import History, InvalidBranch, Move, Moved, RewriteRefused


def test_branch_is_created_moved_and_deleted(history: History) -> None:
    first = commit(history, {"a": b"1"})
    second = commit(history, {"a": b"2"}, first)
    create(history, "sign/x", first)
    assert history.branches() == {"sign/x": first}
    history.move([Move(branch="sign/x", old=first, new=second)])
    assert history.resolve("sign/x") == second
    history.move([Move(branch="sign/x", old=second, new=None)])
    assert history.branches() == {}


def test_several_branches_move_together(history: History) -> None:
    first = commit(history, {"a": b"1"})
    second = commit(history, {"a": b"2"}, first)
    create(history, "main", first)
    create(history, "sign/x", second)
    history.move(
        [Move(branch="main", old=first, new=second), Move(branch="sign/x", old=second, new=None)]
    )
    assert history.branches() == {"main": second}


def test_lost_race_moves_nothing_at_all(history: History) -> None:
    first = commit(history, {"a": b"1"})
    second = commit(history, {"a": b"2"}, first)
    third = commit(history, {"a": b"3"}, second)
    create(history, "main", second)
    good = Move(branch="fine", old=None, new=first)
    for late in (
        Move(branch="main", old=None, new=third),
        Move(branch="main", old=first, new=third),
        Move(branch="main", old=first, new=None),
        Move(branch="gone", old=first, new=second),
    ):
        with pytest.raises(Moved, match=repr(late.branch)):
            history.move([good, late])
        history.refresh()
        assert history.branches() == {"main": second}


def test_repeated_move_is_no_error(history: History) -> None:
    first = commit(history, {"a": b"1"})
    second = commit(history, {"a": b"2"}, first)
    create(history, "main", first)
    create(history, "old", first)
    moves = [Move(branch="main", old=first, new=second), Move(branch="old", old=first, new=None)]
    history.move(moves)
    history.move(moves)
    history.refresh()
    assert history.branches() == {"main": second}


def test_half_of_a_repeated_move_still_races(history: History) -> None:
    first = commit(history, {"a": b"1"})
    second = commit(history, {"a": b"2"}, first)
    create(history, "main", second)
    create(history, "sign/x", second)
    done = Move(branch="main", old=first, new=second)
    with pytest.raises(Moved, match="sign/x"):
        history.move([done, Move(branch="sign/x", old=first, new=None)])
    assert history.branches() == {"main": second, "sign/x": second}


def test_branch_is_never_rewritten(history: History) -> None:
    first = commit(history, {"a": b"1"})
    second = commit(history, {"a": b"2"}, first)
    other = commit(history, {"a": b"3"}, first)
    create(history, "main", second)
    for new in (first, other):
        with pytest.raises(RewriteRefused):
            history.move([Move(branch="main", old=second, new=new)])
    assert history.resolve("main") == second


@pytest.mark.parametrize("branch", ["", "a..b", "a b", "a:b", "a\n", "*", "a~1", "a\0b"])
def test_branch_name_that_git_forbids_is_refused(history: History, branch: str) -> None:
    with pytest.raises(InvalidBranch):
        create(history, branch, commit(history, {"a": b"1"}))


def test_nothing_to_move_is_fine(history: History) -> None:
    history.move([])
    history.refresh()
    assert history.branches() == {}
