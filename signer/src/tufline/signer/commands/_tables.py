"""Tables for a terminal, drawn by rich; where there is none, commands print plain text.

All that comes in is spelled here, and given to rich as text that holds no markup: what others wrote
can neither style the screen nor move on it.

    show_table((Column("name"), Column("bytes", whole=True)), [([Words("a")], [Words("4")])])
"""

import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import click

from tufline.repository.commands import spelled

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

_COLUMNS: Final = 80
_STYLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "": "",
        "heading": "bold",
        "error": "bold red",
        "notice": "yellow",
        "done": "green",
        "quiet": "dim",
    }
)
_CODE: Final = r"\x1b\[[0-9;]*m"
_PADDING: Final = re.compile(rf"(?: |{_CODE})* (?: |{_CODE})*$", re.MULTILINE)
_LONG: Final = re.compile(r"\b[0-9a-f]{40,}\b(?:\.\.\.)?")  # dots: it was cut before
_SHORT: Final = 10  # characters of an id or a digest


@dataclass(frozen=True, slots=True)
class Words:
    """A text that begins on a line of its own, and in which way it is meant.

    Attributes:
        is_spelled: whether what others wrote in it is spelled already.
    """

    text: str
    kind: str = ""
    is_spelled: bool = False

    @property
    def shown(self) -> str:
        """The text without any control character."""
        return self.text if self.is_spelled else spelled(self.text)


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        whole: whether its texts must stand on one line each; others are broken where they must.
        width: in characters; None: as its texts need it.
    """

    heading: str
    whole: bool = False
    width: int | None = None


Cell: TypeAlias = Sequence[Words]


def on_terminal() -> bool:
    """Whether what is said appears on a terminal."""
    return sys.stdout.isatty()


def shortened(text: str) -> str:
    """Return a text with the beginnings of ids and digests, where the whole is shown otherwise."""
    return _LONG.sub(lambda found: f"{found[0][:_SHORT]}...", text)


def show_table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    """Show a table with headings."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD if _can_draw() else box.ASCII2, pad_edge=False)
    _show(table, columns, rows)


def show_row(columns: Sequence[Column], cells: Sequence[Cell]) -> None:
    """Show one row of a table without headings; rows below each other have columns as wide."""
    from rich.table import Table

    table = Table.grid(padding=(0, 1))
    _show(table, columns, [cells])


def _show(table: "Table", columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    for column in columns:
        table.add_column(column.heading, overflow="fold", no_wrap=column.whole, width=column.width)
    for row in rows:
        table.add_row(*map(_cell, row))
    click.echo(_drawn(table))


def _cell(words: Cell) -> "Text":
    from rich.text import Text

    lines = [Text(each.shown, style=_STYLES[each.kind]) for each in words]
    return Text("\n").join(lines)


def _drawn(table: "Table") -> str:
    """Return the table as a terminal shows it; `click.echo` takes colours out where it must."""
    from rich.console import Console

    out = StringIO()
    width = min(_COLUMNS, shutil.get_terminal_size((_COLUMNS, 24)).columns)
    console = Console(
        file=out,
        width=width,
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )
    console.print(table)
    return _PADDING.sub(lambda found: "".join(re.findall(_CODE, found[0])), out.getvalue()).strip(
        "\n"
    )


def _can_draw() -> bool:
    """Whether the terminal's encoding has lines."""
    return (sys.stdout.encoding or "").lower().startswith("utf")
