"""Nothing from outside can hide, pose as our words, or act in the medium that shows it."""

import html as html_escapes
import re
import shlex
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.sample import NOW, Sample
from tuf.api.metadata import TargetFile, Targets

from tufline.repository.changes import Changes, changes_between
from tufline.repository.forge import Act, Ask
from tufline.repository.project import RULES
from tufline.repository.report import (
    Standing,
    event_page,
    event_summary,
    html,
    markdown,
    terminal,
)
from tufline.repository.report._text import name, prose, value
from tufline.repository.review import Finding, Refused, Review, Severity, Waiting, review

HOSTILE = (
    "@everyone",
    "[click](https://example.com/)",
    "https://example.com/",
    "<img src=x onerror=alert(1)>",
    "`code` | cell",
    "a\n# heading\n- [x] @alice signed",
    "</code><script>alert(1)</script>",
    "#1 GH-1",
    "&lt;b&gt;",
    "\\` escaped",
)
INVISIBLE = {
    "right-to-left override": "\u202e",
    "isolate": "\u2066",
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "variation selector": "\ufe0f",
    "tag character": "\U000e0061",
    "combining accent": "\u0301",
    "hangul filler": "\u3164",
    "no-break space": "\u00a0",
    "line separator": "\u2028",
    "hebrew letter": "\u05d0",
    "escape": "\x1b",
    "delete": "\x7f",
    "next line": "\x85",
    "null": "\x00",
    "surrogate": "\udcff",
}


def reports_with(text: str) -> dict[str, str]:
    """Return the reports of an event that has `text` wherever it can."""
    base = Sample()
    event = base.copy()
    entry = TargetFile.from_data("file", b"", ["sha256"])
    entry.unrecognized_fields["custom"] = {text: text}

    def change(targets: Targets) -> None:
        targets.targets[text] = entry
        targets.unrecognized_fields[text] = text

    event.edit("targets", change)
    event.files[f"targets/{text}"] = b""
    changes = changes_between(base.state(), event.state())
    finding = Finding(rule="rule", severity=Severity.ERROR, message=text, role=None, path=text)
    judged = review(base.state(), event.state(), now=NOW)
    found = Review(roles=judged.roles, findings=(finding,), verdict=Refused((finding,)))
    media = {"terminal": terminal, "markdown": markdown, "html": html}
    reports = {medium: render(found, changes, title=text) for medium, render in media.items()}
    return {**reports, "event": event_page(found, changes, standing(text))}


def standing(text: str) -> Standing:
    """Return what people have to do for an event, with `text` wherever it can be."""
    return Standing(
        event=f"sign/{text}",
        asks=tuple(Ask(act=act, who=text, role=text) for act in Act),
        signed=(("root", text), (text, f"@{text}")),
        now=NOW,
        expiries={text: NOW},
        held_by=text,
    )


@pytest.mark.parametrize("medium", ["markdown", "event"])
@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_holds_outside_text_only_as_code(text: str, medium: str) -> None:
    report = reports_with(text)[medium]
    without_rules = re.sub(rf"\[(`[a-z-]+`)\]\({re.escape(RULES)}#[a-z-]+\)", r"\1", report)
    outside_code = re.sub(r"`[^`\n]*`", "", without_rules).replace("<details><summary>", "")
    outside_code = re.sub(r"</?(details|summary)>", "", outside_code)
    assert re.search(r"[@<>&`|#\\](?!## )|https?:|\]\(", outside_code.replace("### ", "")) is None
    assert "heading\n" not in report


def test_rule_that_is_no_plain_word_is_no_link() -> None:
    for rule in ("x](https://example.com/)", "Rule", "a b", ""):
        finding = Finding(rule=rule, severity=Severity.ERROR, message="m", role=None, path=None)
        found = Review(roles=(), findings=(finding,), verdict=Refused((finding,)))

        assert "](" not in re.sub(r"`[^`\n]*`", "", markdown(found)), rule


@pytest.mark.parametrize("text", HOSTILE)
def test_summary_is_one_visible_line(text: str) -> None:
    finding = Finding(rule="rule", severity=Severity.ERROR, message=text, role=None, path=text)
    refused = Review(roles=(), findings=(finding,), verdict=Refused((finding,)))
    waiting = Review(roles=(), findings=(), verdict=Waiting(frozenset(), (finding,)))

    for found in (refused, waiting):
        summary = event_summary(found, standing(text))
        assert summary.isprintable()
        assert prose(text).text in summary


@pytest.mark.parametrize(
    "name", ["sign/$(id)", "sign/a;b&c|d", "sign/'x'", 'sign/"x"', "sign/`id`"]
)
def test_command_is_safe_to_paste(name: str) -> None:
    page = event_page(
        Review(roles=(), findings=(), verdict=Waiting(frozenset(), ())),
        Changes(),
        replace(standing("@bob"), event=name),
    )
    command = re.findall(r"run `(tufline [^`]*)`", page)[0]

    told = shlex.split(command.replace("\\u0060", "`").replace("\\u007c", "|"))
    assert told == ["tufline", "sign", name]


@pytest.mark.parametrize("text", HOSTILE)
def test_html_holds_outside_text_only_as_text(text: str) -> None:
    report = reports_with(text)["html"]
    body = report.partition("<body>")[2]
    tags = set(re.findall(r"<\s*/?\s*([^\s>]+)", body))
    assert tags <= {
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "ul",
        "li",
        "code",
        "strong",
        "br",
        "body",
        "html",
    }
    assert prose(text).text in html_escapes.unescape(re.sub(r"<[^>]*>", "", report))


@pytest.mark.parametrize("padding", range(60, 80))
def test_text_that_is_wrapped_never_looks_like_a_line_of_ours(padding: int) -> None:
    report = reports_with("x" * padding + " [x] @alice signed")["terminal"]
    lines = [line for line in report.splitlines() if line.lstrip().startswith("[x] @alice signed")]
    assert [line for line in lines if not line.startswith("      ")] == ["    [x] @alice signed"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_terminal_shows_outside_text_in_one_item(text: str) -> None:
    report = reports_with(text)["terminal"]
    assert re.findall(r"^ *(?:# heading|- \[x\].*)$", report, flags=re.MULTILINE) == []


@pytest.mark.parametrize("char", INVISIBLE.values(), ids=INVISIBLE.keys())
def test_invisible_characters_are_spelled_out_in_every_medium(char: str) -> None:
    # Surrogates cannot stand in signed metadata, but in paths and messages.
    shown = {
        "name": name(f"a{char}b").text,
        "value": value(f"a{char}b").text,
        "prose": prose(f"a{char}b").text,
    }
    assert [medium for medium, text in shown.items() if char in text] == []
    assert [medium for medium, text in shown.items() if "\\" not in text] == []
    if char != "\udcff":
        reports = reports_with(f"a{char}b")
        assert [medium for medium, report in reports.items() if char in report] == []


def test_visible_text_of_other_languages_stays_as_it_is() -> None:
    assert value("Grüße, 漢字, ёлка").text == '"Grüße, 漢字, ёлка"'


def test_spaces_that_a_medium_would_swallow_are_spelled_out() -> None:
    assert name("a  b").text == '"a \\u0020b"'


@given(st.text(), st.text())
def test_two_names_never_look_the_same(one: str, other: str) -> None:
    assert (name(one).text == name(other).text) == (one == other)


@given(st.text())
def test_what_is_shown_is_printable_and_in_one_line(text: str) -> None:
    for shown in (name(text), value(text), prose(text)):
        assert shown.text.isprintable()


def test_a_name_that_looks_like_an_escape_is_told_from_the_character() -> None:
    assert name("\\u200b").text != name("\u200b").text
