"""Writing the setting `key` into `.tufline-sign.toml`, with all else in the file left as it is."""

import json
import re
import tomllib
from pathlib import Path
from typing import Final

from tufline.repository.errors import UserError
from tufline.signer._settings import SETTINGS_FILE, read_signer_settings

_ENTRY: Final = re.compile(r"^key\s*=.*$", re.MULTILINE)
_TABLE: Final = re.compile(r"^\[", re.MULTILINE)


class NotSet(UserError):
    """The setting cannot be written by machine."""

    def __init__(self, file: Path, uri: str, reason: str) -> None:
        super().__init__(f"{file} was not changed: {reason}")
        self.hint = f"put this line into it by hand, before any [table]: {setting(uri)}"


class CannotSet(UserError):
    """There are no settings of ours to write into; no key was made."""

    hint = "leave out --set, or make .tufline-sign.toml first: docs/settings.md"

    def __init__(self, found: Path) -> None:
        super().__init__(f"the settings are in {found}, which --set does not write")


def setting(uri: str) -> str:
    """Return the line of the settings that names a key."""
    return f"key = {json.dumps(uri)}"  # a JSON string is a TOML one


def present(clone: Path) -> str | None:
    """Return the URI that is set now."""
    file = clone / SETTINGS_FILE
    try:
        found = tomllib.loads(file.read_text()).get("key")
    except (OSError, ValueError):
        return None
    return found if isinstance(found, str) else None


def expect_writable(clone: Path) -> None:
    """Raise `NoSettings`, `InvalidSignerSettings`, `CannotSet` where `write_setting` would fail."""
    found = read_signer_settings(clone).file
    if found.name != SETTINGS_FILE:
        raise CannotSet(found)


def write_setting(clone: Path, uri: str) -> Path:
    """Set the key, and return the file. It changes in one step, or not at all: `NotSet`."""
    file = clone / SETTINGS_FILE
    try:
        before = file.read_text()
        wanted = tomllib.loads(before) | {"key": uri}
        after = _with_line(before, setting(uri))
        if tomllib.loads(after) != wanted:
            raise NotSet(file, uri, "the entry is written in an unusual way")
        temporary = file.with_name(f"{file.name}.new")
        temporary.write_text(after)
        temporary.replace(file)
    except OSError as error:
        raise NotSet(file, uri, (error.strerror or str(error)).lower()) from error
    except tomllib.TOMLDecodeError as error:
        raise NotSet(file, uri, str(error)) from error
    return file


def _with_line(text: str, line: str) -> str:
    table = _TABLE.search(text)
    end = table.start() if table else len(text)
    top, rest = text[:end], text[end:]
    if _ENTRY.search(top):
        return _ENTRY.sub(lambda _: line, top, count=1) + rest
    separator = "" if not top or top.endswith("\n") else "\n"
    return f"{top}{separator}{line}\n{rest}"
