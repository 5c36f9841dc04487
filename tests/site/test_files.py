"""The files as a whole: their names, that they are the same each time, and strangers' text."""

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from tests.site.sample import FACTS, NOW, ROLES, below, crowd, days, event, role

from tufline.repository.site import BADGE, CALENDAR, STATUS, site_files
from tufline.repository.site._badge import badge
from tufline.repository.site._page import page
from tufline.repository.status import RepositoryFacts

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "</title></style></svg><h1>Clients go on for 900 days</h1>",
    "{{ page.now }}{% raw %}",
    "&lt;b&gt;",
    "a\r\nEND:VCALENDAR\r\nBEGIN:VEVENT",
    "x" * 3000,
)
INVISIBLE = "\u202e\u2066\u200b\ufeff\u00ad\u0301\u3164\u2028\u05d0\x1b\x00\x85\udcff\U000e0061"
_DIGESTS = """
from tests.site.sample import FACTS
from tufline.repository.site import site_files
import hashlib
print(*(hashlib.sha256(data).hexdigest() for data in site_files(FACTS).values()))
"""


def hostile(text: str) -> RepositoryFacts:
    """Return facts with `text` wherever strangers have a word."""
    odd = role(text, life=(-200, -75, -15), signers=(text, f"@{text}"), delegators=below("targets"))
    child = role("child", life=(-9, 5, 9), delegators=below(text))
    said = event(text, 1, steps=(9, 5, 4), roles="targets")
    return replace(
        FACTS,
        title=text,
        url=f"https://forge.example/{text}",
        commit=text,
        roles=(*ROLES[:4], odd, child),
        events=(replace(said, roles=below(text), url=f"javascript:{text}"),),
        forecasts=(replace(FACTS.forecasts[0], role=odd.name, spare=days(-2)),),
    )


class Shape(HTMLParser):
    """Collects the tags, the attributes and the addresses of a page."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str | None] = set()
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value for name, value in attrs if name in {"href", "src"}}


def test_there_are_four_files_and_none_could_be_metadata() -> None:
    assert set(site_files(FACTS)) == {"index.html", "status.json", "calendar.ics", "badge.svg"}
    metadata = re.compile(r"timestamp\.json|[0-9]+\.[^/]+\.json")
    assert [name for name in site_files(FACTS) if metadata.fullmatch(name)] == []


def test_equal_facts_give_equal_bytes_whatever_the_machine() -> None:
    here = [hashlib.sha256(data).hexdigest() for data in site_files(FACTS).values()]
    elsewhere = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    command = [sys.executable, "-c", _DIGESTS]
    there = subprocess.run(command, env=elsewhere, capture_output=True, text=True, check=True)
    assert there.stdout.split() == here


def test_links_are_relative_or_to_where_people_talk() -> None:
    addresses = Shape(page(FACTS)).addresses
    outside = {each for each in addresses if each and ":" in each and not each.startswith("data:")}
    assert outside == {FACTS.url, *(each.url for each in FACTS.events)}
    assert {STATUS, CALENDAR, BADGE} <= addresses
    assert not any(each and each.startswith("/") for each in addresses)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_of_strangers_adds_no_markup_to_the_page(text: str) -> None:
    found = Shape(page(hostile(text)))
    plain = Shape(page(hostile("plain")))
    assert found.tags == plain.tags
    assert found.attributes == plain.attributes
    assert not any(each and each.startswith("javascript") for each in found.addresses)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_badge_is_the_same_whatever_strangers_write(text: str) -> None:
    drawn = badge(hostile(text))
    assert drawn == badge(FACTS)
    assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314 - our own file


@pytest.mark.parametrize("char", INVISIBLE, ids=ascii)
def test_invisible_characters_are_in_no_file(char: str) -> None:
    files = site_files(hostile(f"a{char}b"))
    assert [name for name, data in files.items() if char in data.decode()] == []
    assert r"\ud" not in ascii(json.loads(files[STATUS]))


def test_long_title_is_cut() -> None:
    said = replace(FACTS, events=(event("word " * 100, 1, steps=(3, 2, 1)),))
    assert ">" + "word " * 31 + "word…</a>" in page(said).decode()


def test_nothing_is_empty_where_nothing_is_known() -> None:
    long = tuple(replace(each, expires=NOW + days(80)) for each in ROLES[:4])
    bare = tuple(replace(each, issued=None, signing_starts=None) for each in long)
    bare_facts = replace(FACTS, url=None, roles=bare, events=(), forecasts=())
    text = page(bare_facts).decode()
    assert "No signing event has been merged yet." in text
    assert "No forecast: nothing is known of past events." in text
    assert "No role that people sign says when its signing starts." in text
    assert "Nothing. Every role is valid, and in good time." in text


def test_page_of_a_crowd_stays_small() -> None:
    data = page(crowd(5000))
    assert len(data) < 300_000
    assert data.count(b'<th scope="row">') == 200 + len(FACTS.forecasts)
