"""How commands show a line: its style, and what others wrote in it."""

from collections.abc import Mapping
from typing import Any, Final

import click

_STYLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "heading": {"bold": True},
    "ready": {"fg": "green", "bold": True},
    "waiting": {"fg": "yellow", "bold": True},
    "refused": {"fg": "red", "bold": True},
    "unchanged": {"bold": True},
    "error": {"fg": "red"},
    "notice": {"fg": "yellow"},
    "done": {"fg": "green"},
    "open": {"fg": "yellow"},
    "quiet": {"dim": True},
}


def styled(kind: str, line: str) -> str:
    """Return the line as a terminal shows it; `click.echo` takes colours out of anything else."""
    return click.style(line, **_STYLES.get(kind, {}))


def harmless(text: str) -> str:
    """Return lines of text with what moves the cursor, or changes the terminal, as escapes."""
    return "".join(each if each.isprintable() or each == "\n" else spelled(each) for each in text)


def spelled(text: str) -> str:
    """Return a text of others with everything but printable ASCII as escapes."""
    return ascii(text)[1:-1]
