"""What a text that GitHub renders would do: mention, link, or be HTML.

    assert effects("`@everyone` <b>", mentions=()) == ["HTML: <b"]

Fences and code spans are left out first, as CommonMark has them, and then what is our own markup.
Code spans are looked for within a line only: nothing of ours spans two.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from tufline.repository.project import RULES

MARK: Final = "INJECTED"
"""What every hostile text has in it: to be seen in code, and nowhere else."""

_HIDDEN: Final = re.compile(
    r"^<!-- (?:tufline-(?:status|telling) [A-Za-z0-9+/=]+"
    r"|tufline: (?:declined [0-9a-f]{40}|problem [\w=-]+ \d+|solved \d+)) -->$",
    re.MULTILINE | re.ASCII,
)
_FENCE: Final = re.compile(r"^(`{3,})\n.*?^\1`*$", re.MULTILINE | re.DOTALL)
_TICKS: Final = re.compile(r"`+")
_OWN: Final = re.compile(
    rf"\[\]\({re.escape(RULES)}#[a-z-]+\)|^<details><summary>[\w ,]+</summary>$|^</details>$",
    re.MULTILINE | re.ASCII,
)
_ACTS: Final = {
    "HTML": re.compile(r"<[A-Za-z/!?]"),
    "entity": re.compile(r"&#?\w+;"),
    "link": re.compile(r"\][(\[:]|https?:|www\.|mailto:|ftp:", re.IGNORECASE),
    "reference": re.compile(r"#\d|\bGH-\d|\b[0-9a-f]{40}\b"),
    "escape": re.compile(r"\\"),
    "mark": re.compile(MARK),
}
_MENTION: Final = re.compile(r"@[\w/-]+")


def effects(body: str, *, mentions: Iterable[str]) -> list[str]:
    """Return each effect of a comment's text, but for those of our own words."""
    text = _FENCE.sub("", _HIDDEN.sub("", body))
    text = _OWN.sub("", "\n".join(map(_without_code, text.split("\n"))))
    acts = [f"{kind}: {found[0]}" for kind, p in _ACTS.items() for found in p.finditer(text)]
    named = [found for found in _MENTION.findall(text) if found not in set(mentions)]
    return [*acts, *(f"mention: {name}" for name in named), *_unseen(body)]


def effects_of_plain(text: str) -> list[str]:
    """Return what a text that is not Markdown hides. GitHub shows titles and descriptions so."""
    return list(_unseen(text))


def _without_code(line: str) -> str:
    """Leave out the code spans: a run of backticks to the next that is as long."""
    kept, rest = "", line
    while opening := _TICKS.search(rest):
        runs = _TICKS.finditer(rest, opening.end())
        closing = next((run for run in runs if run[0] == opening[0]), None)
        if closing is None:
            kept, rest = kept + rest[: opening.end()], rest[opening.end() :]
        else:
            kept, rest = kept + rest[: opening.start()], rest[closing.end() :]
    return kept + rest


def _unseen(text: str) -> Iterator[str]:
    for char in text:
        if char != "\n" and unicodedata.category(char)[0] in "CZ" and char != " ":
            yield f"invisible: {char!r}"
