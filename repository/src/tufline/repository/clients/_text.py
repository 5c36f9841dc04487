"""What a client printed, made fit to be shown: short, one line, nothing that moves a cursor."""

import re
from typing import Final

_LONGEST: Final = 400  # characters
_ESCAPE: Final = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?", re.DOTALL
)
_SPACE: Final = re.compile(r"\s+")
_CUT: Final = " [...] "


def shortened(output: str, *, hide: str = "") -> str:
    """Return a program's output as one line of printable ASCII.

    `hide` is a folder of ours, left out as "~". Of a long text the begin and the end are kept: Node
    says what is wrong first, Python last.
    """
    text = _ESCAPE.sub("", output.replace(hide, "~") if hide else output)
    line = _SPACE.sub(" ", "".join(map(_printable, text))).strip()
    if len(line) <= _LONGEST:
        return line
    half = (_LONGEST - len(_CUT)) // 2
    return line[:half] + _CUT + line[-half:]


def _printable(char: str) -> str:
    if char.isspace():
        return " "
    if not char.isascii():
        return char.encode("ascii", "backslashreplace").decode()
    return char if char.isprintable() else ""
