"""Services that fail for a moment: it is tried again, and only a good signature is kept."""

import pytest
from tests.clouds.kms.holding import SERVICES, Keys, Open
from tests.support.kms import Fault, Limits

DONE = {"moved": True, "signed": ["snapshot", "timestamp"], "refused": None}
SHORT = Limits(attempt=2)


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.FAILED, Fault.BROKEN])
@pytest.mark.parametrize("kind", SERVICES)
def test_service_that_fails_once_for_each_role_is_asked_again(
    kind: str, fault: Fault, keys: Keys, opened: Open
) -> None:
    repository = opened(keys[kind])
    keys[kind].faults.plan(fault, None, fault)

    assert repository.sign() == DONE

    assert (keys[kind].faults.asked, keys[kind].faults.signed) == (4, 2)
    repository.expect_valid()


@pytest.mark.parametrize("kind", SERVICES)
def test_lost_answers_leave_more_signatures_than_are_kept(
    kind: str, keys: Keys, opened: Open
) -> None:
    repository = opened(keys[kind])
    keys[kind].faults.plan(Fault.LOST, None, Fault.LOST)

    assert repository.sign() == DONE

    assert keys[kind].faults.signed == 4
    assert len(repository.commits) == 1
    repository.expect_valid()


@pytest.mark.parametrize("kind", SERVICES)
def test_answer_that_never_comes_is_not_waited_for(kind: str, keys: Keys, opened: Open) -> None:
    repository = opened(keys[kind])
    keys[kind].faults.plan(Fault.STALLED)

    assert repository.sign(SHORT) == DONE

    assert keys[kind].faults.signed >= 3  # on a busy machine another may come late
    repository.expect_valid()


@pytest.mark.parametrize("kind", SERVICES)
def test_several_faults_in_a_row_are_survived(kind: str, keys: Keys, opened: Open) -> None:
    repository = opened(keys[kind])
    keys[kind].faults.plan(Fault.THROTTLED, Fault.BROKEN, Fault.FAILED, Fault.LOST)

    assert repository.sign() == DONE
    repository.expect_valid()
