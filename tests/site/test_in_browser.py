"""The page in a real Chromium, at three widths, light and dark.

With UPDATE_SCREENSHOTS=1 the pictures in docs/screenshots are taken anew; otherwise only their size
is compared, for the pixels of text differ from machine to machine.
"""

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pytest
from playwright.sync_api import Browser, Page
from tests.site.sample import FACTS, crowd
from tests.site.test_files import HOSTILE, hostile

from tufline.repository.site import PAGE
from tufline.repository.site._page import page as page_of

Scheme: TypeAlias = Literal["light", "dark"]

SCREENSHOTS = Path(__file__).parents[2] / "docs" / "screenshots"
HEIGHTS = {360: 780, 768: 1024, 1280: 960}
EVERY_VIEW = [(width, scheme) for width in HEIGHTS for scheme in ("light", "dark")]
LARGEST = 150_000
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SERIOUS = {"serious", "critical"}


@contextmanager
def opened(
    browser: Browser, address: str, width: int = 1280, scheme: Scheme = "light"
) -> Iterator[Page]:
    """Open the page; nothing on it may complain, nor ask for anything but the page."""
    size = {"width": width, "height": HEIGHTS[width]}
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type] # playwright's own form of a size
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="load")
    yield page
    context.close()
    assert complaints == []
    assert asked == [address]


def written(folder: Path, data: bytes) -> str:
    """Write a page and return its address."""
    file = folder / PAGE
    file.write_bytes(data)
    return file.as_uri()


def judged(page: Page, axe: str) -> list[tuple[str, str]]:
    """Return what is seriously wrong for people who see, hear or move differently, and where."""
    page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(found => found.violations)")
    return [
        (each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in SERIOUS
    ]  # fmt: skip


@pytest.mark.parametrize("place", ["disk", "server"])
@pytest.mark.parametrize(("width", "scheme"), EVERY_VIEW)
def test_page_fits_its_window_and_loads_nothing(
    browser: Browser, addresses: dict[str, str], place: str, width: int, scheme: Scheme
) -> None:
    with opened(browser, addresses[place], width, scheme) as page:
        assert page.evaluate(OVERFLOW) == 0
        said = page.inner_text("#margin").split("\n")
    assert said == ["Clients go on for", "6 days", "if nobody signs"]


@pytest.mark.parametrize("text", [HOSTILE[1], HOSTILE[3], HOSTILE[-1]], ids=["tag", "end", "long"])
def test_text_of_strangers_neither_acts_nor_widens_the_page(
    browser: Browser, tmp_path: Path, text: str
) -> None:
    address = written(tmp_path, page_of(hostile(text)))
    with opened(browser, address, 360) as page:
        assert page.evaluate(OVERFLOW) == 0
        assert page.locator("img, script").count() == 0


@pytest.mark.parametrize(("width", "scheme"), EVERY_VIEW)
def test_page_is_accessible(
    browser: Browser, addresses: dict[str, str], axe: str, width: int, scheme: Scheme
) -> None:
    with opened(browser, addresses["disk"], width, scheme) as page:
        page.locator("details summary").click()
        assert judged(page, axe) == []


def test_judge_of_accessibility_would_notice(browser: Browser, tmp_path: Path, axe: str) -> None:
    data = page_of(FACTS).replace(b"--quiet: #5c6670", b"--quiet: #a9b2ba")
    with opened(browser, written(tmp_path, data)) as page:
        assert [rule for rule, _ in judged(page, axe)] == ["color-contrast"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_of_everything_gone_wrong_is_accessible(
    browser: Browser, tmp_path: Path, axe: str, scheme: Scheme
) -> None:
    address = written(tmp_path, page_of(hostile("plain")))
    with opened(browser, address, scheme=scheme) as page:
        assert judged(page, axe) == []


def test_light_and_dark_differ(browser: Browser, addresses: dict[str, str]) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with opened(browser, addresses["disk"], scheme="light") as page:
        assert page.evaluate(ground) == "rgb(247, 246, 243)"
    with opened(browser, addresses["disk"], scheme="dark") as page:
        assert page.evaluate(ground) == "rgb(20, 24, 28)"


def test_keyboard_reaches_every_link_and_shows_where_it_is(
    browser: Browser, addresses: dict[str, str]
) -> None:
    # Two frames, until the page has scrolled to where the focus is.
    focus = """async () => {
        for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
        const at = document.activeElement;
        const style = getComputedStyle(at), box = at.getBoundingClientRect();
        return {
            what: at.getAttribute("href") || at.getAttribute("aria-label") || at.tagName,
            ring: at.matches(":focus-visible") && style.outlineStyle === "solid"
                && parseFloat(style.outlineWidth) >= 2,
            seen: box.top >= 0 && box.bottom <= innerHeight && box.width > 0,
        };
    }"""
    with opened(browser, addresses["disk"]) as page:
        links: list[str] = page.evaluate("[...document.links].map(a => a.getAttribute('href'))")
        reached = []
        for _ in range(len(links) + 2):
            page.keyboard.press("Tab")
            reached.append(page.evaluate(focus))
    assert reached[0]["what"] == "#main"
    assert [each for each in reached if not (each["ring"] and each["seen"])] == []
    others = {"Drawing of the delegations", "SUMMARY"}
    assert [each["what"] for each in reached if each["what"] not in others] == links
    assert others <= {each["what"] for each in reached}


def test_skip_link_leads_past_the_navigation(browser: Browser, addresses: dict[str, str]) -> None:
    with opened(browser, addresses["disk"]) as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "calendar.ics"


def test_screen_reader_is_told_landmarks_headings_and_headers(
    browser: Browser, addresses: dict[str, str]
) -> None:
    with opened(browser, addresses["disk"], 360) as page:
        heard = page.locator("body").aria_snapshot()
    for line in (
        "- banner:",
        '- navigation "On this page":',
        "- main:",
        "- contentinfo:",
        '- heading "Example root-signing" [level=1]',
        '- heading "Clients go on for 6 days if nobody signs" [level=2]',
        '- table "Roles with their validity and their signers":',
        '- columnheader "To spare"',
        '- rowheader "pypi.example"',
        '- img "Delegation tree of 11 roles"',
    ):
        assert line in heard, line


def test_thousands_of_roles_do_not_overflow(browser: Browser, tmp_path: Path) -> None:
    address = written(tmp_path, page_of(crowd(5000)))
    with opened(browser, address, 768) as page:
        assert page.evaluate(OVERFLOW) == 0
        assert "4,804 of 5,004 roles are not in this table" in page.inner_text("main")


@pytest.mark.parametrize(("width", "scheme"), EVERY_VIEW)
def test_screenshot_in_the_docs_is_of_this_size(
    browser: Browser, addresses: dict[str, str], width: int, scheme: Scheme
) -> None:
    file = SCREENSHOTS / f"page-{width}-{scheme}.png"
    with opened(browser, addresses["disk"], width, scheme) as page:
        taken = page.screenshot()
    if os.environ.get("UPDATE_SCREENSHOTS"):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(taken)
    kept = file.read_bytes()
    assert size_of(kept) == size_of(taken) == (width, HEIGHTS[width])
    assert len(kept) < LARGEST


def size_of(png: bytes) -> tuple[int, int]:
    """Return width and height, which stand in the first chunk."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height
