"""The real signing events, and what tuf-on-ci said of each. They lie beside the repository."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "shared" / "data"
BUNDLE = FOLDER / "tuf-demo-events.bundle"
NAMES = tuple(f"{number:03}" for number in range(83))
OF_ANOTHER_FORMAT = NAMES[58:]

_SIGNED = re.compile(r"signed by (\d+)/\d+ (?:\(\d+/\d+\) )?signers \(([^)]*)\)")
_MISSING = re.compile(r"Still missing signatures from (.*)")
_INVITED = re.compile(r"delegations have open invites \(([^)]*)\)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What tuf-on-ci said of one role."""

    signed: frozenset[str]
    missing: frozenset[str]
    invited: frozenset[str]
    errors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What tuf-on-ci said of one event, at the time when the event was made."""

    now: datetime
    valid: bool
    roles: Mapping[str, Said]


def answers() -> dict[str, Answer]:
    """Return tuf-on-ci's answers by the event's name."""
    found = json.loads((FOLDER / "tuf-demo-events.json").read_text())
    return {each["name"]: _answer(each) for each in found}


def _answer(found: dict[str, Any]) -> Answer:
    return Answer(
        now=datetime.fromisoformat(found["date"]),
        valid=found["valid"],
        roles={role: _said("\n".join(said["text"])) for role, said in found["roles"].items()},
    )


def _said(text: str) -> Said:
    signed = _SIGNED.search(text)
    return Said(
        signed=_people(signed[2] if signed else ""),
        missing=_people(_first(_MISSING, text)),
        invited=_people(_first(_INVITED, text)),
        errors=tuple(line for line in text.splitlines() if line.startswith("**Error**")),
    )


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _people(text: str) -> frozenset[str]:
    return frozenset(text.split(", ")) - {""}
