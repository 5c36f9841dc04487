"""The HTML report: one file, no script, light and dark."""

import re
from html.parser import HTMLParser

from tests.support.rich import rich_base, rich_event
from tests.support.sample import NOW

from tufline.repository.changes import changes_between
from tufline.repository.report import html
from tufline.repository.review import review

_VOID = {"meta", "br"}


class Balance(HTMLParser):
    """Collects the tags that are not closed in order, and all that would load something."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)
        if tag in {"script", "link", "img", "iframe", "object"} or dict(attrs).keys() & {"src"}:
            self.loads.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def page() -> str:
    base = rich_base()
    before, after = base.state(), rich_event(base).state()
    return html(review(before, after, now=NOW), changes_between(before, after), title="sign/x")


def test_the_page_is_well_formed_and_loads_nothing() -> None:
    balance = Balance()
    balance.feed(page())
    assert (balance.open, balance.wrong, balance.loads) == ([], [], [])


def test_the_page_forbids_scripts_and_follows_the_reader_in_light_and_dark() -> None:
    report = page()
    assert "default-src 'none'" in report
    assert re.search(r"@media \(prefers-color-scheme: dark\)", report)


def test_the_page_shows_verdict_roles_and_findings() -> None:
    report = page()
    assert "<h1>REFUSED: do not sign or merge this" in report
    assert "[x] <code>@alice</code> signed" in report
    assert "<code>@eve</code> is invited to sign <code>npm</code>" in report
