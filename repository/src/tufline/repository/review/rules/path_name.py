"""path-name: files have names that clients, stores and signers' machines all read alike (row E).

What two readers may understand differently, or what a URL cannot hold, is an error. What only some
file systems refuse is a notice: clients on the others are served well.
"""

import re
from collections.abc import Iterator
from typing import Final

from tufline.repository.format import (
    CONTENT_FOLDERS,
    INVITATIONS_PATH,
    is_below_attestations,
    is_below_detached,
)
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error, notice

# Most names, at once: nothing below could object to them.
_USUAL_PART: Final = r"(?!\.)[A-Za-z0-9_@+.-]{1,100}(?<!\.)"
_USUAL: Final = re.compile(f"{_USUAL_PART}(?:/{_USUAL_PART})*")
_LONGEST_USUAL: Final = 500

_LONGEST_NAME: Final = 190  # file systems hold 255 bytes, and publishing adds a hash: 65
_LONGEST_PATH: Final = 1000  # macOS holds 1,024
_NOT_IN_URLS: Final = "?#%"
_NOT_EVERYWHERE: Final = '<>:"|*'


def check(case: Case) -> Iterator[Remark]:
    """Report each file below metadata/ and targets/ whose name cannot be kept."""
    for path, _, _ in case.entries:
        if len(path) < _LONGEST_USUAL and _USUAL.fullmatch(path):
            continue
        if path.startswith(CONTENT_FOLDERS) and not _has_own_rule(path):
            yield from _judge(path)


def _has_own_rule(path: str) -> bool:
    """Whether the path is of an event's own file, which is gone before it is published."""
    return path == INVITATIONS_PATH or is_below_detached(path) or is_below_attestations(path)


def _judge(path: str) -> Iterator[Remark]:
    defects = dict.fromkeys(defect for part in path.split("/") for defect in _defects(part))
    if len(path.encode(errors="replace")) > _LONGEST_PATH:
        defects[f"is longer than {_LONGEST_PATH} bytes"] = None
    for defect in defects:
        yield error(f"the name {defect}; rename or remove the file", path=path)
    if not defects and any(_is_unportable(part) for part in path.split("/")):
        yield notice("not every file system can hold this name; rename the file", path=path)


def _defects(name: str) -> Iterator[str]:
    """Yield what is wrong with one part of a path."""
    if name in {"", ".", ".."}:
        yield "has an empty part or one that means another folder"
    elif name.startswith("."):
        yield "begins with a dot: hidden files are not published"
    if len(name.encode(errors="replace")) > _LONGEST_NAME:
        yield f"has a part longer than {_LONGEST_NAME} bytes"
    yield from _bad_characters(name)


def _bad_characters(name: str) -> Iterator[str]:
    if not name.isascii() and any("\ud800" <= each <= "\udfff" for each in name):
        yield "is not UTF-8"
    elif not name.isprintable():
        yield "holds characters that cannot be shown"
    if "\\" in name:
        yield "holds a backslash, which some systems take for a folder"
    if not set(_NOT_IN_URLS).isdisjoint(name):
        yield f"holds one of {_NOT_IN_URLS}, which mean something else in a URL"


def _is_unportable(name: str) -> bool:
    return name[-1:] in {".", " "} or name[:1] == " " or not set(_NOT_EVERYWHERE).isdisjoint(name)


RULE = RepositoryRule("path-name", check)
