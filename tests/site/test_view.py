"""What the page says, value by value."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from tests.site.sample import FACTS, NOW, ROLES, below, crowd, days, event, forecast, role

from tufline.repository.site._events import event_rows, forecast_rows
from tufline.repository.site._roles import Bar, bar, role_rows
from tufline.repository.site._standing import Standing, standing
from tufline.repository.site._view import Headline, view
from tufline.repository.site._words import Moment, duration, moment, safe_url
from tufline.repository.status import RepositoryFacts, RoleFacts


def facts(*roles: RoleFacts) -> RepositoryFacts:
    """Return facts with other roles, at which nothing is late."""
    return replace(FACTS, roles=roles, events=(), forecasts=())


CALM = (
    role("root", life=(-92, 30, 90)),
    role("targets", life=(-92, 20, 80)),
    role("snapshot", life=(-3, 11, 18), online=True),
    role("timestamp", life=(-0.5, 3.5, 6.5), online=True),
)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (days(23.9), "23 days"),
        (days(2), "2 days"),
        (days(1.99), "47 hours"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(seconds=61), "1 minute"),
        (timedelta(seconds=59), "under a minute"),
        (days(-3), "under a minute"),
        (days(4000), "4,000 days"),
    ],
)
def test_duration_is_rounded_down(length: timedelta, words: str) -> None:
    assert duration(length) == words


def test_moment_is_shown_in_utc() -> None:
    east = datetime(2026, 3, 5, 1, 30, tzinfo=timezone(timedelta(hours=9)))
    assert moment(east, NOW) == Moment(
        machine="2026-03-04T16:30:00Z", date="4 Mar 2026", clock="16:30", distance="in 3 days"
    )
    assert moment(datetime(2026, 2, 1, tzinfo=UTC), NOW).distance == "28 days ago"


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (61, Standing.VALID),
        (60, Standing.OPEN),
        (30.1, Standing.OPEN),
        (30, Standing.LATE),
        (12.1, Standing.LATE),
        (12, Standing.URGENT),
        (0, Standing.EXPIRED),
    ],
)
def test_standing_follows_the_share_of_the_signing_period(left: float, expected: Standing) -> None:
    assert standing(role("root", life=(-300, left - 60, left)), NOW) is expected


@pytest.mark.parametrize(
    ("left", "expected"), [(15, Standing.VALID), (14, Standing.OPEN), (2, Standing.URGENT)]
)
def test_unknown_signing_period_counts_as_14_days(left: float, expected: Standing) -> None:
    unknown = replace(role("root", life=(0, 0, left)), signing_starts=None)
    assert standing(unknown, NOW) is expected


def test_bar_shows_signing_and_now_in_percent_of_the_life() -> None:
    assert bar(role("root", life=(-92, 30, 90)), NOW) == Bar(signing=67.0, now=50.5)
    assert bar(role("root", life=(-60, -50, -10)), NOW) == Bar(signing=20.0, now=100)
    assert bar(role("root", life=(10, 5, 30)), NOW) == Bar(signing=0, now=0)


def test_bar_needs_a_beginning_before_the_end() -> None:
    known = role("root", life=(-92, 30, 90))
    assert bar(replace(known, issued=None), NOW) is None
    assert bar(replace(known, issued=known.expires), NOW) is None
    assert bar(replace(known, signing_starts=None), NOW) == Bar(signing=None, now=50.5)


def test_headline_is_the_first_end_of_the_top_level() -> None:
    page = view(FACTS)
    assert page.headline == Headline(
        before="Clients go on for",
        figure="6 days",
        after="if nobody signs",
        standing=Standing.OPEN,
    )
    assert (page.first.role, page.first.expires.date) == ("timestamp", "8 Mar 2026")
    assert page.people is not None
    assert (page.people.role, page.people.left) == ("targets", "23 days")


def test_headline_says_since_when_clients_have_stopped() -> None:
    page = view(replace(FACTS, now=NOW + days(10)))
    assert page.headline == Headline(
        before="Clients stopped", figure="3 days ago", after="", standing=Standing.EXPIRED
    )
    assert page.first.left == "expired"


def test_next_are_the_open_signings_and_then_those_that_start_first() -> None:
    page = view(FACTS)
    said = [(each.role, each.open, each.starts.distance, each.quorum) for each in page.next]
    assert said == [
        ("pypi.example", True, "20 days ago", "2 of 2"),
        ("targets", True, "12 days ago", "3 of 5"),
        ("npm.example.org", False, "in 5 days", "2 of 3"),
        ("root", False, "in 30 days", "3 of 5"),
    ]
    assert page.more_next == 3


def test_warnings_name_what_is_late_and_what_will_be() -> None:
    too_late = "will be 4 days too late, if it takes as long as the slowest event so far"
    said = [(each.role, each.words, each.standing.value) for each in view(FACTS).warnings]
    assert said == [
        ("crates.example", "expired 15 days ago", "expired"),
        ("pypi.example", "has used up half of its time for signing", "late"),
        ("pypi.example", too_late, "late"),
    ]
    assert view(facts(*CALM)).warnings == ()


def test_too_many_warnings_are_counted() -> None:
    ended = tuple(
        role(f"old-{each}", life=(-90, -60, -30), delegators=below("targets")) for each in range(11)
    )
    page = view(facts(*CALM, *ended))
    assert (len(page.warnings), page.more_warnings) == (8, 3)


def test_roles_are_the_top_level_in_order_of_trust_then_by_end() -> None:
    shuffled = replace(FACTS, roles=tuple(reversed(ROLES)))
    assert [row.name for row in role_rows(shuffled)] == [
        "root", "targets", "snapshot", "timestamp",
        "crates.example", "nightly", "pypi.example", "npm.example.org",
        "attestation-service-production-keys", "trusted-publishers", "revoked",
    ]  # fmt: skip


def test_row_says_who_signs_and_from_whom_the_role_has_its_trust() -> None:
    row = {each.name: each for each in role_rows(FACTS)}["trusted-publishers"]
    assert row.delegators.shown == ("npm.example.org", "pypi.example")
    assert (row.quorum, row.signers.shown) == ("1 of 1", ("@npm-ops",))
    assert row.artifacts == "12 artifacts"


def test_names_beyond_the_first_are_counted() -> None:
    many = role("root", life=(-92, 30, 90), signers=tuple(f"@s{each}" for each in range(40)))
    signers = role_rows(facts(many, *CALM[1:]))[0].signers
    assert (len(signers.shown), signers.more) == (12, 28)


def test_roles_without_a_row_are_summarised() -> None:
    page = view(crowd(5000))
    assert len(page.roles) == 200
    assert page.rest is not None
    assert (page.rest.number, page.rest.first.date) == ("4,804 of 5,004 roles", "1 May 2026")
    assert page.rest.counts == ((Standing.VALID, "4,804"),)
    assert view(FACTS).rest is None


def test_event_says_how_long_its_steps_took() -> None:
    first, _, longest, *_, oldest = event_rows(FACTS)
    assert (first.signed_in, first.merged_in, first.took) == ("6 days", "2 hours", "6 days")
    assert (first.signing_share, first.merging_share) == (31.5, 0.5)
    assert (longest.signing_share, longest.merging_share) == (90.0, 10.0)
    assert (oldest.signed_in, oldest.ready, oldest.merged_in) == (None, None, "4 hours")


def test_dates_of_commits_that_run_backwards_do_no_harm() -> None:
    backwards = replace(FACTS, events=(event("x", 1, steps=(1, 9, 5)),))
    (row,) = event_rows(backwards)
    assert (row.signed_in, row.took) == ("under a minute", "under a minute")
    assert (row.signing_share, row.merging_share) == (0.0, 0.0)


def test_forecasts_begin_with_the_worst() -> None:
    said = [(each.role, each.expected, each.spare, each.late) for each in forecast_rows(FACTS)]
    assert said == [
        ("pypi.example", "9 days", "4 days", True),
        ("targets", "6 days", "3 days", False),
        ("root", "18 days", "40 days", False),
        ("npm.example.org", "4 days", "55 days", False),
        ("trusted-publishers", None, None, False),
    ]


def test_forecast_of_an_expired_role_says_so() -> None:
    (row,) = forecast_rows(replace(FACTS, forecasts=(forecast("npm", -1, 2, -9),)))
    assert (row.margin, row.spare, row.late) == ("expired", "9 days", True)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "data:text/html,x", "//elsewhere.example", "/path", "", "https:///x",
        "https://known.example@other.example/", "https://ex.example\\@other.example/",
        "https://ex\u0430mple.example/", "https://a.example/ b", "https://a.example/\n", "http://[",
        "HTTPS:a.example", "https://a.example/<b>",
        "https://a.example/%zz", "https://a.example:x/", None,
    ],
)  # fmt: skip
def test_other_links_are_none(url: str | None) -> None:
    assert safe_url(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/b/%20?c=d#e",
        "http://127.0.0.1:8080/",
        "http://[::1]/",
        "https://a.example",
    ],
)
def test_links_to_web_pages_stay(url: str) -> None:
    assert safe_url(url) == url
