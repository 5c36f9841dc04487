"""What is quoted of the errors that vendors' libraries raise."""

import pytest

from tufline.online_sign._failure import key_failed

LONG = "x" * 1000


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("1 error occurred:\n\t* permission denied\n\n", "1 error occurred: * permission denied"),
        ("  one line  ", "one line"),
        ("first\r\n\n second\x1b[31m\x07", "first second [31m"),
        ("", "RuntimeError"),
        (" \n\t\n", "RuntimeError"),
    ],
)
def test_all_lines_are_quoted_on_one(said: str, reason: str) -> None:
    assert key_failed("hv:key/1", RuntimeError(said)).reason == reason


def test_long_texts_are_shortened() -> None:
    reason = key_failed("hv:key/1", RuntimeError(LONG)).reason
    assert reason == f"{LONG[:499]}…"


def test_error_that_says_nothing_tells_its_cause() -> None:
    error = RuntimeError()
    error.__cause__ = ValueError("400 Client Error")
    assert key_failed("sigstore:", error).reason == "400 Client Error"
