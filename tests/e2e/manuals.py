"""The manuals as tests read them: fenced blocks, who has tried them, commands, tables, links.

A block that a test runs as it stands has a line before it, which readers do not see:

    <!-- tried: alice, ends with 1 -->
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Final
from urllib.parse import unquote

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
_BLOCK: Final = re.compile(
    r"(?:^ *<!-- tried: (?P<who>\w+)(?:, ends with (?P<code>\d+))? -->\n)?"
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_OURS: Final = re.compile(r"\s*(?:\S*/)?tufline ")
_CODE: Final = re.compile(r"`(tufline(?: [^`]*)?)`")
_LINK: Final = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
_HEADING: Final = re.compile(r"^#+ (.*)$", re.MULTILINE)
_MARKS: Final = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A fenced block. `tried_by` is who runs it in tests; `code` the exit status it ends with."""

    language: str
    text: str
    tried_by: str | None
    code: int


@dataclass(frozen=True, slots=True)
class Manual:
    """A page of the documentation, or what stands under one of its headings."""

    path: Path
    heading: str | None = None

    @property
    def text(self) -> str:
        text = self.path.read_text(encoding="utf-8")
        return text if self.heading is None else _under(self.heading, text)

    def part(self, heading: str) -> "Manual":
        """Return what stands under a heading, such as "Settings", to the next of its level."""
        return Manual(self.path, heading)

    def blocks(self, language: str) -> list[Block]:
        found = (
            Block(
                language=each["language"],
                text=dedent(each["text"]),
                tried_by=each["who"],
                code=int(each["code"] or 0),
            )
            for each in _BLOCK.finditer(self.text)
        )
        return [block for block in found if block.language == language]

    def tried(self) -> list[Block]:
        """Return the blocks that tests run, in order."""
        return [block for block in self.blocks("sh") if block.tried_by]

    def commands(self) -> Iterator[list[str]]:
        """Yield the words of each command of ours, in blocks and in the text."""
        for block in self.blocks("sh"):
            for line in block.text.replace("\\\n", " ").splitlines():
                if _OURS.match(line):
                    yield shlex.split(line, comments=True)
        yield from (shlex.split(each) for each in _CODE.findall(_without_blocks(self.text)))

    def tables(self) -> Iterator[list[list[str]]]:
        """Yield each table as its rows, the heading first."""
        rows: list[list[str]] = []
        for line in [*self.text.splitlines(), ""]:
            if line.startswith("|"):
                rows.append([cell.strip() for cell in line.strip("|").split("|")])
            elif rows:
                yield [rows[0], *rows[2:]]
                rows = []

    def links(self) -> list[tuple[str, str]]:
        """Return path and anchor of each link to another page, or to a place in this one."""
        return _LINK.findall(_without_blocks(self.text))

    def anchors(self) -> set[str]:
        """Return the anchors that GitHub gives the headings."""
        headings = _HEADING.findall(_without_blocks(self.text))
        return {_MARKS.sub("", each.lower()).replace(" ", "-") for each in headings}

    def linked(self, path: str) -> "Manual":
        return Manual((self.path.parent / unquote(path)).resolve()) if path else self


def manual(name: str) -> Manual:
    return Manual(DOCS / name)


def pages() -> list[Manual]:
    """Return all pages that people read, the README first."""
    return [Manual(ROOT / "README.md"), *map(Manual, sorted(DOCS.rglob("*.md")))]


def _under(heading: str, text: str) -> str:
    """Return what stands under a heading; raise `ValueError` where there is none, or several."""
    found = re.findall(rf"(?ms)^(#+) {re.escape(heading)}\n(.*?)(?=^\1 |\Z)", text)
    ((_, under),) = found
    return str(under)


def _without_blocks(text: str) -> str:
    return _BLOCK.sub("", text)
