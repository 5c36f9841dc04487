"""The page of a published repository."""

import html as html_escapes
import re
from datetime import timedelta

from tests.support.rich import rich_base
from tests.support.sample import NOW, Sample

from tufline.repository.report import repository_page
from tufline.repository.state import MemoryFiles, State


def text_of(page: str) -> str:
    """Return the page's text with one blank between its parts."""
    return " ".join(html_escapes.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_the_page_shows_each_role_with_version_expiry_threshold_and_signers() -> None:
    page = text_of(repository_page(rich_base().state(), now=NOW))
    assert "root 1 2027-03-01 12:00 UTC, in 365 days 2 of @alice , @bob , @carol" in page
    assert "npm 1 2027-03-01 12:00 UTC, in 365 days 1 of @dave" in page
    assert "timestamp 1 2026-03-08 12:00 UTC, in 7 days 1 of file2:online" in page


def test_the_page_shows_each_artifact_with_size_and_hash() -> None:
    page = text_of(repository_page(rich_base().state(), now=NOW))
    digest = "2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806"
    assert f"file.txt 4 bytes sha256:{digest}" in page
    assert "Artifacts of npm" in page


def test_an_expired_role_is_marked() -> None:
    page = repository_page(rich_base().state(), now=NOW + timedelta(days=8))
    assert '<td class="bad">2026-03-08 12:00 UTC, 1 day ago</td>' in page


def test_the_last_day_is_called_today() -> None:
    page = repository_page(rich_base().state(), now=NOW + timedelta(days=6, hours=1))
    assert "2026-03-08 12:00 UTC, today" in page


def test_a_missing_or_broken_file_is_named_and_no_error() -> None:
    sample = Sample()
    sample.files["metadata/npm.json"] = b"{"
    page = text_of(repository_page(sample.state(), now=NOW))
    assert "npm not JSON:" in page
    assert "snapshot there is no such file" in page


def test_an_empty_repository_has_a_page() -> None:
    page = repository_page(State(MemoryFiles({})), now=NOW, title="<b>")
    assert "root there is no such file" in text_of(page)
    assert "<b>" not in page


def test_the_title_stands_as_it_is_given() -> None:
    page = repository_page(State(MemoryFiles({})), now=NOW)
    assert "<h1>TUF repository</h1>" in page
    assert "<title>TUF repository</title>" in page
