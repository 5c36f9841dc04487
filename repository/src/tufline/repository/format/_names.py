"""Names of roles and of people, as checked types. No other code makes them from text."""

import re
from typing import Final, NewType

from tufline.repository.errors import UserError

RoleName = NewType("RoleName", str)
"""The name of a TUF role: root, targets, snapshot, timestamp, or a delegated role."""

Owner = NewType("Owner", str)
"""A person who holds keys: `@name`, lower case."""

ROOT: Final = RoleName("root")
TARGETS: Final = RoleName("targets")
SNAPSHOT: Final = RoleName("snapshot")
TIMESTAMP: Final = RoleName("timestamp")
ONLINE_ROLES: Final = frozenset({SNAPSHOT, TIMESTAMP})
TOP_LEVEL_ROLES: Final = frozenset({ROOT, TARGETS, SNAPSHOT, TIMESTAMP})

# A role name becomes a file name and part of a URL, so: no separators, no leading dot or dash.
_ROLE_NAME = re.compile(r"[A-Za-z0-9_@+][A-Za-z0-9_@+.-]{0,127}")
# GitHub's names, and those of managed users (with `_`) and of other forges (with `.`).
_OWNER = re.compile(r"@[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")


class InvalidRoleName(UserError):
    """The text is not a role name."""

    hint = "use letters, digits and . _ - @ + (not first: . or -), at most 128"

    def __init__(self, text: object) -> None:
        super().__init__(f"{text!r} is not a role name")


class InvalidOwner(UserError):
    """The text does not name a person."""

    hint = "write a user as @name: letters, digits and . _ -, at most 100"

    def __init__(self, text: object) -> None:
        super().__init__(f"{text!r} is not a user name")


def role_name(text: object) -> RoleName:
    """Return `text` as a role name; raise `InvalidRoleName` if it is not one."""
    if not isinstance(text, str) or not _ROLE_NAME.fullmatch(text):
        raise InvalidRoleName(text)
    return RoleName(text)


def delegated_role_name(text: object) -> RoleName:
    """Return `text` as the name of a role that can be delegated to; top-level names are taken."""
    name = role_name(text)
    if name in TOP_LEVEL_ROLES:
        raise InvalidRoleName(text)
    return name


def owner(text: object) -> Owner:
    """Return `text` as a person's name, in lower case; raise `InvalidOwner` if it is not one."""
    # Matched before it is lower case: of some letters that look alike, that is an ASCII letter.
    if not isinstance(text, str) or not _OWNER.fullmatch(text):
        raise InvalidOwner(text)
    return Owner(text.lower())
