"""A review and its changes, for people: text, Markdown, HTML. JSON is `review.review_json`."""

from tufline.repository.report._duties import Standing, event_summary
from tufline.repository.report._gist import gist
from tufline.repository.report._origins import device_words, origin_sentence
from tufline.repository.report._templates import (
    Style,
    as_markdown,
    as_text,
    event_page,
    html,
    markdown,
    terminal,
)
from tufline.repository.report._text import Sentence, Shown, name, prose, value
from tufline.repository.report._words import headline

__all__ = [
    "Sentence",
    "Shown",
    "Standing",
    "Style",
    "as_markdown",
    "as_text",
    "device_words",
    "event_page",
    "event_summary",
    "gist",
    "headline",
    "html",
    "markdown",
    "name",
    "origin_sentence",
    "prose",
    "terminal",
    "value",
]
