"""Whether a role is renewed in time, by what past events took."""

from datetime import datetime, timedelta

from tests.support.sample import NOW

from tufline.repository.format import RoleName
from tufline.repository.status import EventFacts, Forecast, RoleFacts, forecasts

DAY = timedelta(days=1)


def role(name: str = "root", *, ends: int = 30, starts: int | None = 10) -> RoleFacts:
    return RoleFacts(
        name=RoleName(name),
        version=1,
        expires=NOW + ends * DAY,
        signing_starts=None if starts is None else NOW + starts * DAY,
        issued=None,
        threshold=1,
        signers=("@alice",),
        online=False,
    )


def event(took: int, *roles: str, merged: datetime = NOW) -> EventFacts:
    return EventFacts(
        title="sign/x",
        roles=tuple(map(RoleName, roles)),
        began=merged - took * DAY,
        ready=None,
        merged=merged,
    )


def forecast(of: RoleFacts, *events: EventFacts) -> Forecast:
    (found,) = forecasts([of], events, now=NOW)
    return found


def test_spare_is_what_the_longest_event_would_leave() -> None:
    found = forecast(role(), event(3, "root"), event(5, "root"), event(13, "root"))

    assert (found.margin, found.expected, found.spare) == (30 * DAY, 5 * DAY, 7 * DAY)


def test_role_whose_signing_should_have_begun_begins_now() -> None:
    assert forecast(role(starts=-5), event(13, "root")).spare == 17 * DAY


def test_role_that_says_no_period_begins_now() -> None:
    assert forecast(role(starts=None), event(13, "root")).spare == 17 * DAY


def test_spare_below_zero_means_too_late() -> None:
    assert forecast(role(ends=11), event(13, "root")).spare == -12 * DAY


def test_events_of_other_roles_count_only_where_there_is_none_of_the_role() -> None:
    others = event(20, "targets")

    assert forecast(role(), others).expected == 20 * DAY
    assert forecast(role(), others, event(2, "root")).expected == 2 * DAY


def test_nothing_is_forecast_from_nothing() -> None:
    found = forecast(role())

    assert (found.margin, found.expected, found.spare) == (30 * DAY, None, None)


def test_no_forecast_is_made_of_a_role_that_a_machine_signs() -> None:
    online = RoleFacts(
        name=RoleName("timestamp"),
        version=1,
        expires=NOW,
        signing_starts=None,
        issued=None,
        threshold=1,
        signers=("file2:x",),
        online=True,
    )

    assert list(forecasts([online], [event(1, "timestamp")], now=NOW)) == []
