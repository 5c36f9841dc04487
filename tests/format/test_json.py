"""JSON that all readers understand alike, and the one form that is signed."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.formats import encode_canonical

from tufline.repository.format import InvalidJson, canonical_json, parse_json, write_json

LARGEST = 2**53 - 1
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_written_is_read_again(value: object) -> None:
    assert parse_json(write_json(value)) == value
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value


@given(VALUES)
def test_canonical_form_is_securesystemslib_s(value: dict[str, Any] | list[Any] | str) -> None:
    """The TUF specification, 4.2: signatures are over the canonical form."""
    assert canonical_json(value) == (encode_canonical(value) or "").encode()


def test_canonical_form_escapes_quote_and_backslash_only() -> None:
    assert canonical_json({"b": 'a"\\\n\x7fé', "a": [1, True, None]}) == (
        b'{"a":[1,true,null],"b":"a\\"\\\\\n\x7f\xc3\xa9"}'
    )


def test_files_are_written_with_sorted_keys_and_no_final_newline() -> None:
    assert write_json({"b": [1], "a": "é"}) == b'{\n "a": "\\u00e9",\n "b": [\n  1\n ]\n}'
    assert write_json({"a": 1}, indent=2) == b'{\n  "a": 1\n}'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"a": 1, "a": 1}', "key 'a' stands twice in one object"),
        (b'{"a": 1, "\\u0061": 2}', "key 'a' stands twice in one object"),
        (b'[{"x": {"a": 1, "b": 2, "a": 3}}]', "key 'a' stands twice in one object"),
        (b"1.0", "1.0 is not an integer"),
        (b"[1e3]", "1e3 is not an integer"),
        (b"-0.0", "-0.0 is not an integer"),
        (b"NaN", "NaN is not an integer"),
        (b"Infinity", "Infinity is not an integer"),
        (b"-Infinity", "-Infinity is not an integer"),
        (b"9007199254740992", "integer 9007199254740992 is too large"),
        (b"-9007199254740992", "integer -9007199254740992 is too large"),
        (b"1" * 100_000, "integer 11111111111111111111 is too large"),
        (b"\xff", "not UTF-8 at byte 0"),
        (b'"\xc3"', "not UTF-8 at byte 1"),
        (b'"\xed\xa0\x80"', "not UTF-8 at byte 1"),
        ("[]".encode("utf-16"), "not UTF-8 at byte 0"),
        (b'"\\ud800"', "holds text that is not Unicode"),
        (b'{"\\udfff": 1}', "holds text that is not Unicode"),
        (b'["\\ude00\\ud83d"]', "holds text that is not Unicode"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_what_two_readers_may_read_differently_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(InvalidJson) as caught:
        parse_json(data)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"\xef\xbb\xbf{}",  # a byte order mark
        b"{} {}",
        b"{}\0",
        b"[1,]",
        b'{"a": 1,}',
        b"{'a': 1}",
        b"{a: 1}",
        b"// no\n{}",
        b'"\n"',
        b"01",
        b"+1",
        b"True",
        b'{"a": 1',
    ],
)
def test_what_is_not_json_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidJson, match="not JSON"):
        parse_json(data)


def test_numbers_and_text_at_the_edge_are_read() -> None:
    assert parse_json(b"[9007199254740991, -9007199254740991, -0]") == [LARGEST, -LARGEST, 0]
    assert parse_json(b'"\\ud83d\\ude00"') == "\N{GRINNING FACE}"
    assert parse_json(b'"\\\\ud800"') == r"\ud800"


def test_canonical_form_of_what_is_no_text_is_refused() -> None:
    with pytest.raises(InvalidJson, match="not Unicode"):
        canonical_json(["\ud800"])


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        value = parse_json(data)
    except InvalidJson:
        return
    assert parse_json(write_json(value)) == value


def test_refusal_of_a_large_file_costs_no_more_than_reading_it() -> None:
    """A fork may offer a file of megabytes, and a job's time is limited."""
    keys = [f"{number:x}" for number in range(100_000)]
    data = "{" + ",".join(f'"{key}":1' for key in [*keys, keys[-1]]) + "}"
    before = time.process_time()
    with pytest.raises(InvalidJson, match=f"key '{keys[-1]}' stands twice"):
        parse_json(data.encode())

    assert time.process_time() - before < 10
