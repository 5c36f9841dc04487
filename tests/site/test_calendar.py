"""`calendar.ics`, as a program of calendars reads it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from icalendar import Alarm, Calendar, Event
from tests.site.sample import FACTS, NOW, ROLES, crowd, days, role

from tufline.repository.site import CALENDAR, site_files
from tufline.repository.site._calendar import MOST_ROLES, calendar
from tufline.repository.status import RepositoryFacts


def events(facts: RepositoryFacts = FACTS) -> dict[str, Event]:
    """Return the calendar's events by what they are called."""
    read = Calendar.from_ical(site_files(facts)[CALENDAR])
    assert isinstance(read, Calendar)
    return {str(each["summary"]): each for each in read.events}


def alarms(event: Event) -> list[timedelta]:
    """Return when the event's reminders come, from its start."""
    return [each.TRIGGER for each in event.walk("VALARM") if isinstance(each, Alarm)]


def test_each_role_of_people_has_its_signing_and_its_end() -> None:
    assert list(events())[:6] == [
        "Sign root (3 of 5)",
        "root expires",
        "Sign targets (3 of 5)",
        "targets expires",
        "Sign crates.example (1 of 1)",
        "crates.example expires",
    ]
    assert [summary for summary in events() if "timestamp" in summary or "nightly" in summary] == []
    assert len(events()) == 2 * sum(not each.online for each in ROLES)


def test_signing_lasts_from_its_start_to_the_end_of_the_role() -> None:
    signing = events()["Sign root (3 of 5)"]
    assert (signing.start, signing.end) == (NOW + days(30), NOW + days(90))
    assert signing["description"] == "Signers: @alice, @bob, @carol, @dmitri, @erin"
    assert (signing["sequence"], signing["transp"]) == (14, "TRANSPARENT")
    assert alarms(signing) == [timedelta()]


def test_end_reminds_at_half_of_the_signing_period_and_a_day_before() -> None:
    end = events()["root expires"]
    assert (end.start, "DTEND" in end) == (NOW + days(90), False)
    assert alarms(end) == [-days(30), -days(1)]


@pytest.mark.parametrize(
    ("starts", "expected"), [(8, [-days(1)]), (9.5, [-days(0.25)]), (None, [-days(1)])]
)
def test_short_or_unknown_signing_period_has_one_reminder(
    starts: float | None, expected: list[timedelta]
) -> None:
    known = role("targets", life=(-1, 8, 10))
    short = replace(known, signing_starts=None if starts is None else NOW + days(starts))
    found = events(replace(FACTS, roles=(*ROLES[:1], short, *ROLES[2:4])))
    assert alarms(found["targets expires"]) == expected
    assert ("Sign targets (1 of 1)" in found) is (starts is not None)


def test_next_version_moves_the_same_events() -> None:
    renewed = replace(ROLES[0], version=15, expires=NOW + days(400), issued=NOW)
    before = events()["root expires"]
    after = events(replace(FACTS, roles=(renewed, *ROLES[1:])))["root expires"]
    assert before["uid"] == after["uid"] == "c0595cff-be64-5be2-a7e4-f5c6b9358da0"
    assert (before["sequence"], after["sequence"]) == (14, 15)


def test_each_event_has_a_name_of_its_own() -> None:
    names = [each["uid"] for each in events().values()]
    assert len(set(names)) == len(names)
    elsewhere = events(replace(FACTS, url="https://other.example/"))
    assert {each["uid"] for each in elsewhere.values()}.isdisjoint(names)


def test_file_changes_with_the_roles_and_not_with_time() -> None:
    assert calendar(FACTS) == calendar(replace(FACTS, now=NOW + days(1), commit="later"))
    stamps = {each.stamp for each in events().values()}
    assert stamps == {each.issued for each in ROLES if not each.online}


def test_too_many_roles_leave_those_that_end_first() -> None:
    read = Calendar.from_ical(calendar(crowd(250)))
    assert isinstance(read, Calendar)
    assert len(read.events) == 2 * MOST_ROLES
    assert read.description == "The 200 roles that expire first of 252 that people sign."
    ends = [each.start for each in read.events if str(each["summary"]).startswith("team")]
    assert max(ends) <= NOW + days(109)
