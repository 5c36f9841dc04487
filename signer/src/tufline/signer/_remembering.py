"""Where a person's keys are, written into their settings file. Pure: text in, text out.

Only single lines are set; comments and everything else stay as they were.
"""

import json
import re
from collections.abc import Mapping, Sequence

from tufline.signer._settings import SIGNING_KEYS


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
    kept = [line for line in lines[start:end] if not same.match(line)]
    return [*lines[:start], entry, *kept, *lines[end:]]


def _place(lines: Sequence[str], header: str) -> int:
    """Return where the header stands; the number of lines where it does not."""
    stripped = [line.strip() for line in lines]
    return stripped.index(header) if header in stripped else len(lines)
