"""Reports for people. Each medium is a template and the one function that quotes for it."""

import textwrap
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from tufline.repository.changes import Changes
from tufline.repository.report import _words as words
from tufline.repository.report._duties import Standing, duties
from tufline.repository.report._text import Link, Sentence, Shown, name, prose
from tufline.repository.report._view import View, view
from tufline.repository.review import Review

if TYPE_CHECKING:
    from jinja2 import Environment

Style: TypeAlias = Callable[[str, str], str]
"""Given a role of text (`heading`, `ready`, `waiting`, `refused`, `unchanged`, `error`, `notice`,
`done`, `open`, `quiet`) and a line without its indent, return the line as the screen shows it."""

_COLUMNS = 80
_FURTHER_LINES = 6
_NO_CHANGES = Changes()


def plain(_kind: str, line: str) -> str:
    """Style nothing."""
    return line


def terminal(
    review: Review,
    changes: Changes = _NO_CHANGES,
    *,
    title: str | None = None,
    verbose: bool = False,
    style: Style = plain,
) -> str:
    """Return the report for a terminal, at most 80 columns wide."""

    def lines(sentence: str | Sentence, kind: str = "", indent: int = 0, first: str = "") -> str:
        return _wrapped(as_text(sentence), first=" " * indent + first, kind=kind, style=style)

    shown = view(review, changes, title=title, verbose=verbose)
    return _render("terminal.txt", shown, {"lines": lines})


def markdown(
    review: Review,
    changes: Changes = _NO_CHANGES,
    *,
    title: str | None = None,
    verbose: bool = False,
) -> str:
    """Return the report as GitHub Flavored Markdown. What comes from outside is code in it."""
    shown = view(review, changes, title=title, verbose=verbose)
    return _render("report.md", shown, {"text": as_markdown})


def event_page(review: Review, changes: Changes, standing: Standing) -> str:
    """Return what an event's status says: what each person has to do, then the report."""
    shown = view(review, changes, title=None, verbose=False)
    helpers = {
        "text": as_markdown,
        "duties": tuple(duties(standing)),
        "checks": [(each, (name(each.name),), (prose(each.summary),)) for each in standing.checks],
    }
    return _render("event.md", shown, helpers)


def html(
    review: Review,
    changes: Changes = _NO_CHANGES,
    *,
    title: str | None = None,
    verbose: bool = False,
) -> str:
    """Return the report as one HTML page that needs no other file and runs no script."""
    shown = view(review, changes, title=title, verbose=verbose)
    return _render("report.html", shown, {"text": as_html})


@cache
def templates() -> "Environment":
    """Return the templates of this package; those that end in `.html` escape by themselves."""
    # Jinja2 is slow to import, and neither `--help` nor the JSON report needs it.
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape  # noqa: PLC0415 - see above, # fmt: skip

    return Environment(
        loader=PackageLoader("tufline.repository.report"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def as_html(sentence: str | Sentence) -> Any:  # noqa: ANN401 - Markup, which must not be imported here
    """Return the sentence for a page, escaped, with what comes from outside as code."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with Jinja2

    return Markup("").join(
        Markup("<code>{}</code>").format(part.text) if isinstance(part, Shown) else part
        for part in _parts(sentence)
    )


def _render(template: str, shown: View, helpers: Mapping[str, object]) -> str:
    return templates().get_template(template).render(report=shown, words=words, **helpers)


def as_text(sentence: str | Sentence) -> str:
    """Return the sentence as plain text."""
    return "".join(part.text if isinstance(part, Shown) else part for part in _parts(sentence))


def as_markdown(sentence: str | Sentence) -> str:
    """Return the sentence for Markdown, with what comes from outside as code.

    Only there does GitHub neither mention nor link nor format.
    """
    return "".join(_quoted(part) if isinstance(part, Shown) else part for part in _parts(sentence))


def _quoted(part: Shown) -> str:
    code = f"`{_as_code(part.text)}`"
    return f"[{code}]({part.url})" if isinstance(part, Link) else code


def _as_code(text: str) -> str:
    """Spell out what would end a code span, or a cell of a table around it."""
    return text.replace("`", "\\u0060").replace("|", "\\u007c")


def _parts(sentence: str | Sentence) -> Sentence:
    return (sentence,) if isinstance(sentence, str) else sentence


def _wrapped(text: str, *, first: str, kind: str, style: Style) -> str:
    """Wrap one item. Its further lines are indented deeper than any item begins.

    So text from outside, however long, cannot look like an item of ours.
    """
    indent = max(len(first), _FURTHER_LINES)
    lines = textwrap.wrap(text, width=_width(text) - indent, break_on_hyphens=False)
    begin = (first, *(" " * indent for _ in lines))
    pairs = zip(begin, lines, strict=False)
    return "\n".join(before + style(kind, line.rstrip()) for before, line in pairs)


def _width(text: str) -> int:
    """Return how many characters fit. Wide ones take two columns: such text gets half as many."""
    wide = not text.isascii() and any(
        unicodedata.east_asian_width(char) in {"W", "F"} for char in text
    )
    return _COLUMNS // 2 if wide else _COLUMNS
