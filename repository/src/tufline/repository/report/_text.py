"""Text of a report: our words, and what comes from outside, kept apart until a medium shows it.

    sentence = ("version ", value(2), " of ", name("npm"))

Whatever comes from metadata, paths, people or rules is made `Shown` by one of `name`, `value` and
`prose`. They spell out every character that a reader would not see, or that would change how its
neighbours look: controls, zero-width and combining characters, right-to-left text, odd spaces.
What they return is unambiguous: two different texts never look the same.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from tufline.repository.changes import ABSENT, JsonPath

# Letters by their category, yet invisible: Hangul fillers, and the blank Braille pattern.
_BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_@./:+*?=~,-]+")
_PLAIN_MEMBER: Final = re.compile(r"[A-Za-z0-9_@/+-]+")
_SECOND_SPACE: Final = re.compile(r"(?<= ) ")


@dataclass(frozen=True, slots=True)
class Shown:
    """Text from outside, spelled out, ready to be quoted by any medium."""

    text: str


@dataclass(frozen=True, slots=True)
class Link(Shown):
    """Text with a page about it, for media that have links. The URL is ours: nothing to quote."""

    url: str


Sentence: TypeAlias = tuple[str | Shown, ...]


def name(text: str) -> Shown:
    """Return a name or a path as it is; between quotes if it holds anything unusual."""
    return Shown(text) if _PLAIN_NAME.fullmatch(text) else value(text)


def value(content: object) -> Shown:
    """Return a JSON value without members, as JSON."""
    if content is ABSENT:
        return Shown("(nothing)")
    return Shown(spelled_out(json.dumps(content, ensure_ascii=False)))


def prose(text: str) -> Shown:
    """Return a message of ours that quotes others' text."""
    return Shown(spelled_out(text.replace("\n", "\\n").strip()))


def place(path: JsonPath) -> Shown:
    """Return a place in a JSON file: `signed.roles.root.keyids[0]`."""
    return Shown("".join(_step(step) for step in path).removeprefix(".") or "(the whole file)")


def joined(items: Iterable[Shown], separator: str = ", ") -> Sentence:
    """Return the items as one sentence, separated."""
    sentence: list[str | Shown] = []
    for item in items:
        sentence += [separator, item] if sentence else [item]
    return tuple(sentence)


def spelled_out(text: str) -> str:
    """Return the text with every character that would not be seen as itself as an escape."""
    text = _SECOND_SPACE.sub(r"\\u0020", text)
    return text if text.isascii() and text.isprintable() else "".join(map(_visible, text))


def _visible(char: str) -> str:
    if _is_plain(char):
        return char
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - of the BMP


def _is_plain(char: str) -> bool:
    if char.isascii():
        return char.isprintable()
    return (
        char.isprintable()
        and char not in _BLANK
        and not unicodedata.category(char).startswith("M")
        and unicodedata.bidirectional(char) not in _RIGHT_TO_LEFT
    )


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN_MEMBER.fullmatch(step) else f"[{value(step).text}]"
