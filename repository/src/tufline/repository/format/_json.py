"""JSON as TUF metadata may use it: strict to read, one way to write, one canonical form.

Reading refuses what two readers may understand differently: duplicate keys, floats, integers that
not every language can hold, lone surrogates. Writing is what python-tuf's `JSONSerializer` writes.
"""

import json
import re
from collections import Counter
from typing import Any, Final, NoReturn

from securesystemslib.formats import encode_canonical

# What a double, and so JavaScript, can hold exactly (RFC 8259, section 6).
_LARGEST_INTEGER: Final = 2**53 - 1
_LONGEST_NUMBER: Final = 20
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


class InvalidJson(ValueError):
    """The bytes are not JSON that we accept. The message says why."""


def parse_json(data: bytes) -> Any:  # noqa: ANN401 - JSON is any type
    """Return the JSON value; raise `InvalidJson` for anything that is not strict JSON."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise InvalidJson(f"not UTF-8 at byte {error.start}") from error
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_float=_no_float,
            parse_int=_small_integer,
            parse_constant=_no_float,
        )
    except RecursionError as error:
        raise InvalidJson("nested too deeply") from error
    except json.JSONDecodeError as error:
        raise InvalidJson(f"not JSON: {error}") from error
    if b"\\u" in data and _SURROGATE.search(data):  # an escaped half of a pair, or both halves
        _expect_unicode(value)
    return value


def write_json(value: object, *, indent: int = 1) -> bytes:
    """Return `value` as metadata files are written: sorted keys, no final newline."""
    return json.dumps(value, indent=indent, separators=(",", ": "), sort_keys=True).encode()


def canonical_json(value: Any) -> bytes:  # noqa: ANN401 - JSON is any type
    """Return the OLPC canonical JSON of `value`, over which signatures and key ids are made.

    It equals compact, sorted JSON unless a string needs an escape: canonical JSON escapes only
    the quote and the backslash. So only such values take the slow way.
    """
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if "\\" in text:
            text = encode_canonical(value) or ""
        return text.encode()
    except (UnicodeEncodeError, RecursionError) as error:
        raise InvalidJson("holds text that is not Unicode, or is nested too deeply") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object; refuse a key that stands in it twice."""
    result = dict(pairs)
    if len(result) != len(pairs):
        (twice, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise InvalidJson(f"key {twice!r} stands twice in one object")
    return result


def _expect_unicode(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise InvalidJson("holds text that is not Unicode") from error


def _no_float(text: str) -> NoReturn:
    raise InvalidJson(f"{text[:_LONGEST_NUMBER]} is not an integer")


def _small_integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER or abs(int(text)) > _LARGEST_INTEGER:
        raise InvalidJson(f"integer {text[:_LONGEST_NUMBER]} is too large")
    return int(text)
