"""`badge.svg`."""

from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from tests.site.sample import FACTS, NOW, ROLES, days, role

from tufline.repository.site import BADGE, site_files

SVG = "{http://www.w3.org/2000/svg}"


def drawn(left: float, *, targets: float = 80) -> tuple[str, str]:
    """Return the title and the colour if the timestamp, due with 3 days left, has `left` days."""
    calm = role("targets", life=(-92, targets - 60, targets))
    timestamp = role("timestamp", life=(-9, left - 3, left), online=True)
    facts = replace(FACTS, roles=(ROLES[0], calm, ROLES[2], timestamp))
    root = ET.fromstring(site_files(facts)[BADGE])  # noqa: S314 - our own file
    rectangles = list(root.iter(f"{SVG}rect"))
    return root.findtext(f"{SVG}title") or "", rectangles[-1].get("fill") or ""


@pytest.mark.parametrize(
    ("left", "title", "colour"),
    [
        (6.5, "TUF margin: 6 days", "#1a7348"),
        (2.5, "TUF margin: 2 days", "#1f5f9e"),
        (1, "TUF margin: 24 hours", "#8f5a00"),
        (0.25, "TUF margin: 6 hours", "#b3261e"),
        (-1, "TUF margin: expired", "#b3261e"),
    ],
)
def test_badge_says_the_margin_in_its_colour(left: float, title: str, colour: str) -> None:
    assert drawn(left) == (title, colour)


def test_colour_is_that_of_the_worst_role_even_if_another_ends_first() -> None:
    assert drawn(6.5, targets=7) == ("TUF margin: 6 days", "#b3261e")


def test_badge_loads_nothing_and_has_a_name() -> None:
    data = site_files(replace(FACTS, now=NOW + timedelta(hours=1)))[BADGE]
    root = ET.fromstring(data)  # noqa: S314 - our own file
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title"
    assert b"href" not in data
    assert b"url(#rounded)" in data
    assert data.count(b"url(") == 1
    assert root.find(f"{SVG}title") is not None
    assert days(6) < FACTS.margin
