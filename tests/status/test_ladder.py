"""How loudly people are told that a role ends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.support.sample import NOW

from tufline.repository.format import RoleName
from tufline.repository.status import Ending, Forecast, Ladder, RoleFacts, Rung, endings

DAY = timedelta(days=1)
ROOT = RoleFacts(
    name=RoleName("root"),
    version=1,
    expires=NOW + 60 * DAY,
    signing_starts=NOW,
    issued=None,
    threshold=1,
    signers=("@alice",),
    online=False,
)


def rung(left: int, ladder: Ladder | None = None, *, role: RoleFacts = ROOT) -> Rung:
    return (ladder or Ladder()).rung(
        expires=role.expires,
        starts=role.signing_starts,
        now=role.expires - left * DAY,
        online=role.online,
    )


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (31, Rung.QUIET),
        (30, Rung.REMIND),
        (16, Rung.REMIND),
        (15, Rung.WARN),
        (7, Rung.WARN),
        (6, Rung.PAGE),
        (0, Rung.PAGE),
        (-5, Rung.PAGE),
    ],
)
def test_the_less_of_the_signing_period_is_left_the_louder(left: int, expected: Rung) -> None:
    assert rung(left) is expected


def test_role_without_periods_counts_as_one_of_thirty_days() -> None:
    role = replace(ROOT, signing_starts=None)

    assert [rung(left, role=role) for left in (16, 15, 7, 3)] == list(Rung)


def test_settings_say_it_in_days() -> None:
    ladder = Ladder(remind=20 * DAY, warn=10 * DAY, page=2 * DAY)

    assert [rung(left, ladder) for left in (21, 20, 10, 2)] == list(Rung)


def test_rung_that_settings_leave_out_goes_by_the_period() -> None:
    assert rung(15, Ladder(page=2 * DAY)) is Rung.WARN


def test_settings_for_people_say_nothing_of_what_a_machine_signs() -> None:
    online = replace(ROOT, online=True, signing_starts=ROOT.expires - 4 * DAY)

    assert rung(3, Ladder(page=20 * DAY), role=online) is Rung.QUIET
    assert rung(1, role=online) is Rung.WARN


def found(role: RoleFacts, *, spare: int | None = None) -> tuple[Ending, ...]:
    days = None if spare is None else spare * DAY
    forecast = Forecast(role=role.name, margin=DAY, expected=None, spare=days)
    return tuple(endings((role,), (forecast,), ladder=Ladder(), now=NOW))


def test_role_that_people_would_sign_too_late_is_warned_of_before_its_turn() -> None:
    assert found(ROOT, spare=1) == ()
    assert found(ROOT, spare=-2) == (Ending(role=ROOT, rung=Rung.WARN, late=2 * DAY),)


def test_role_that_nobody_may_sign_yet_is_not_warned_of() -> None:
    later = replace(ROOT, signing_starts=NOW + DAY, expires=NOW + 61 * DAY)

    assert found(later, spare=-2) == ()


def test_delegated_role_wakes_nobody() -> None:
    delegated = replace(ROOT, expires=NOW - DAY, delegators=(RoleName("targets"),))

    assert [each.rung for each in found(delegated)] == [Rung.WARN]
    assert [each.rung for each in found(replace(delegated, delegators=()))] == [Rung.PAGE]
