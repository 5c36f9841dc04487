"""Where a person's keys are, written into their settings file.

Only single lines are set; comments and everything else stay as they were.
"""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tufline.repository.errors import UserError
from tufline.signer._settings import SIGNING_KEYS, InvalidSignerSettings, read_settings_file


class NotSet(UserError):
    """The setting cannot be written by machine; the file is as it was."""

    def __init__(self, file: Path, uri: str, reason: str) -> None:
        super().__init__(f"{file} was not changed: {reason}")
        line = f"key = {_value(uri, ini=file.suffix == '.ini')}"
        self.hint = f"put this line into it by hand, before any [table]: {line}"


def setting(uri: str) -> str:
    """Return the line of the settings that names a key."""
    return f"key = {_value(uri, ini=False)}"


def write_keys(file: Path, *, key: str, signing_keys: Mapping[str, str] | None = None) -> None:
    """Set where new keys are, and others by key id. It changes in one step, or not: `NotSet`."""
    places = signing_keys or {}
    written = file.with_name(f"{file.stem}.new{file.suffix}")
    try:
        before = read_settings_file(file)
        text = with_keys(file.read_text(), ini=file.suffix == ".ini", key=key, signing_keys=places)
        written.write_text(text)
        shutil.copymode(file, written)
        known = {**before.signing_keys, **places}
        wanted = replace(before, file=written, key=key, signing_keys=known)
        if read_settings_file(written) != wanted:
            raise NotSet(file, key, "the entry is written in an unusual way")
        written.replace(file)
    except OSError as error:
        raise NotSet(file, key, (error.strerror or str(error)).lower()) from error
    except InvalidSignerSettings as error:
        raise NotSet(file, key, "the entry is written in an unusual way") from error
    finally:
        written.unlink(missing_ok=True)


def with_keys(text: str, *, ini: bool, key: str, signing_keys: Mapping[str, str]) -> str:
    """Return settings that name `key` for new keys, and places of keys by key id.

    `ini` says whether it is a `.tuf-on-ci-sign.ini`, not TOML.
    """
    lines = text.splitlines()
    lines = _with_entry(lines, "settings" if ini else None, "key", _value(key, ini=ini))
    for keyid, uri in signing_keys.items():
        lines = _with_entry(lines, SIGNING_KEYS, keyid, _value(uri, ini=ini))
    return "".join(f"{line}\n" for line in lines)


def _value(uri: str, *, ini: bool) -> str:
    return uri if ini else json.dumps(uri)  # a TOML string may be written as JSON writes one


def _with_entry(lines: Sequence[str], section: str | None, name: str, value: str) -> list[str]:
    """Return the lines with one entry of a section set; None: what stands before all sections."""
    entry, header = f"{name} = {value}", f"[{section}]"
    start = 0 if section is None else _place(lines, header) + 1
    if start > len(lines):
        return [*lines, "", header, entry]
    sections = (n for n in range(start, len(lines)) if lines[n].lstrip().startswith("["))
    end = next(sections, len(lines))
    same = re.compile(rf"""\s*["']?{re.escape(name)}["']?\s*=""")
    places = [number for number in range(start, end) if same.match(lines[number])]
    if places:
        return [*lines[: places[0]], entry, *lines[places[0] + 1 :]]
    while end > start and not lines[end - 1].strip():
        end -= 1
    return [*lines[:end], entry, *lines[end:]]


def _place(lines: Sequence[str], header: str) -> int:
    """Return where the header stands; the number of lines where it does not."""
    stripped = [line.strip() for line in lines]
    return stripped.index(header) if header in stripped else len(lines)
