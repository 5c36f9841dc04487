"""A review and its changes, for people: text, Markdown, HTML. JSON is `review.review_json`."""

from tufline.repository.report._page import repository_page
from tufline.repository.report._templates import Style, html, markdown, terminal
from tufline.repository.report._words import headline

__all__ = [
    "Style",
    "headline",
    "html",
    "markdown",
    "repository_page",
    "terminal",
]
