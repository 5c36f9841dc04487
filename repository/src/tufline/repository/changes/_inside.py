"""What is inside a changed file that is no metadata, as far as people can read it. Pure, total.

JSON is compared value by value, text line by line; certificates and public keys are decoded,
wherever they are. What is left out because it is long is said: nobody may take a part for all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from io import StringIO
from itertools import islice
from typing import Final, TypeAlias

from tufline.repository.changes._decoded import (
    Certificate,
    PublicKey,
    decoded_bytes,
    decoded_text,
)
from tufline.repository.changes._leaves import ABSENT, JsonPath, changed_leaves
from tufline.repository.format import InvalidJson, parse_json

_LARGEST: Final = 1_000_000  # bytes of a file; longer ones are no reading matter
_MOST_LINES: Final = 3_000  # to compare: longer files take too long
_MOST_SHOWN: Final = 400  # of one file


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueInside:
    """A JSON value that differs. ABSENT: there is none."""

    path: JsonPath
    before: object
    after: object


@dataclass(frozen=True, kw_only=True, slots=True)
class LineInside:
    """A line that is new or gone. `number` counts from 1 in the file that has it."""

    is_new: bool
    number: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DecodedInside:
    """A certificate or a public key that is new or gone; `path` is where in JSON, () elsewhere."""

    is_new: bool
    path: JsonPath
    what: Certificate | PublicKey


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherForm:
    """The JSON says the same, and is written another way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotShown:
    """How much of the file is not shown; None: nothing of it is, for it is too long."""

    more: int | None


Inside: TypeAlias = ValueInside | LineInside | DecodedInside | OtherForm | NotShown


def inside(before: bytes | None, after: bytes | None) -> tuple[Inside, ...]:
    """Return what differs inside of a file. None: there is no file. Nothing for what is binary."""
    if max(len(before or b""), len(after or b"")) > _LARGEST:
        return not_looked_into(before, after)
    values = [_json(side) for side in (before, after)]
    if None not in values:
        found = _compared_values(*values)
    else:
        found = (*_certificates(before, after), *_compared_lines(before, after))
    shown = tuple(islice(iter(found), _MOST_SHOWN))
    more = len(found) - len(shown)
    return (*shown, NotShown(more=more)) if more else shown


def not_looked_into(before: bytes | None, after: bytes | None) -> tuple[NotShown, ...]:
    """Return that a file is not shown; nothing for what is binary, which never is."""
    return (NotShown(more=None),) if _may_be_text(before) and _may_be_text(after) else ()


def _json(data: bytes | None) -> object | None:
    """Return the object or list; ABSENT without a file; None where it is no such JSON."""
    if data is None:
        return ABSENT
    try:
        value = parse_json(data)
    except InvalidJson:
        return None
    return value if isinstance(value, dict | list) else None


def _compared_values(before: object, after: object) -> Sequence[Inside]:
    found: list[Inside] = []
    for leaf in changed_leaves(before, after):
        found.append(ValueInside(path=leaf.path, before=leaf.before, after=leaf.after))
        for is_new, side in ((False, leaf.before), (True, leaf.after)):
            found += [
                DecodedInside(is_new=is_new, path=leaf.path, what=what)
                for what in (decoded_text(side) if isinstance(side, str) else ())
            ]
    return found or (OtherForm(),)


def _certificates(before: bytes | None, after: bytes | None) -> Iterator[DecodedInside]:
    """Yield the certificates and keys that only one side has."""
    old, new = (dict.fromkeys(decoded_bytes(side) if side else ()) for side in (before, after))
    for is_new, these, those in ((False, old, new), (True, new, old)):
        for what in these:
            if what not in those:  # by hash: there may be thousands
                yield DecodedInside(is_new=is_new, path=(), what=what)


def _compared_lines(before: bytes | None, after: bytes | None) -> Sequence[Inside]:
    sides = [_lines(side) for side in (before, after)]
    old, new = sides
    if old is None or new is None:
        return ()
    if max(len(old), len(new)) > _MOST_LINES:
        return (NotShown(more=None),)
    found: list[Inside] = []
    # Lines that stand there very often are no landmarks, or hostile files would take minutes.
    opcodes = SequenceMatcher(None, old, new, autojunk=True).get_opcodes()
    for tag, first, last, new_first, new_last in opcodes:
        if tag != "equal":
            found += _side(old, first, last, is_new=False)
            found += _side(new, new_first, new_last, is_new=True)
    return found


def _side(lines: Sequence[str], first: int, last: int, *, is_new: bool) -> list[LineInside]:
    numbered = enumerate(lines[first:last], start=first + 1)
    return [LineInside(is_new=is_new, number=number, text=text) for number, text in numbered]


def _lines(data: bytes | None) -> list[str] | None:
    """Return the lines with their ends; None where it is no text."""
    if data is None:
        return []
    if b"\0" in data:
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return list(StringIO(text, newline="\n")) if _is_readable(text) else None


def _may_be_text(data: bytes | None) -> bool:
    try:
        return b"\0" not in (data or b"") and (data or b"").decode() is not None
    except UnicodeDecodeError:
        return False


def _is_readable(text: str) -> bool:
    odd = sum(1 for char in text if not char.isprintable() and char not in "\t\n\r")
    return odd * 20 <= len(text)  # what is left is spelled out
