"""What our comments remember, hidden at their end: an HTML comment with JSON in base64.

    <!-- tufline-status eyJldmVudCI6… -->

Standard base64 has no "-", so nothing in it can end the comment, nor be read as Markdown. A record
is no secret and not signed, and whoever may write to the repository can edit it: it says who was
told what, and what checks said, and nothing is merged by that alone.
"""

import hashlib
import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from tufline.repository.forge._interface import Act, Ask, EventStatus
from tufline.repository.forge._record import status_from_json, status_json

_HIDDEN: Final = re.compile(r"\n<!-- tufline-(status|telling) ([A-Za-z0-9+/=]+) -->\s*\Z")
_LARGEST: Final = 4_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What our status comment shows.

    Attributes:
        status: as it was shown; None if somebody changed the comment.
        told: the keys of the comments that had told people until then.
    """

    status: EventStatus | None
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """That people were told what they must do. `key` is its own: no other telling has it."""

    key: str
    asks: frozenset[Ask]


def with_shown(text: str, status: EventStatus, told: Iterable[str]) -> str:
    """Return the body of a comment that shows `text` and remembers the status."""
    tree = status_json(replace(status, text=""))
    tree |= {"digest": _digest(text), "told": sorted(told)}
    return text + _hidden("status", tree)


def with_telling(text: str, status: EventStatus, asks: Iterable[Ask], earlier: int) -> str:
    """Return the body of a comment that tells of `asks`, after so many `earlier` ones."""
    asked = [asdict(ask) for ask in sorted(asks)]
    tree = {"main": status.main, "head": status.head, "asks": asked, "earlier": earlier}
    return text + _hidden("telling", tree)


def read(body: str) -> Shown | Telling | None:
    """Return what a comment of ours remembers; None if it is neither kind, or damaged."""
    body = body.replace("\r\n", "\n")
    found = _HIDDEN.search(body)
    tree = _tree(found[2]) if found else None
    if not found or tree is None:
        return None
    if found[1] == "status":
        return _shown(tree, body[: found.start()])
    return _telling(tree, key_of(body))


def key_of(body: str) -> str:
    """Return the key of the telling that a comment with this body is."""
    found = _HIDDEN.search(body)
    return _digest(found[2])[:16] if found else ""


def _shown(tree: dict[str, Any], text: str) -> Shown:
    told, digest = tree.pop("told", None), tree.pop("digest", None)
    status = status_from_json({**tree, "text": text})
    if status is None or digest != _digest(text) or not isinstance(told, list):
        return Shown(status=None)
    return Shown(status=status, told=frozenset(map(str, told)))


def _telling(tree: Mapping[str, Any], key: str) -> Telling | None:
    try:
        asks = frozenset(Ask(**{**each, "act": Act(each["act"])}) for each in tree["asks"])
    except (TypeError, ValueError, KeyError):
        return None
    return Telling(key=key, asks=asks)


def _hidden(kind: Literal["status", "telling"], tree: Mapping[str, Any]) -> str:
    packed = zlib.compress(json.dumps(tree, sort_keys=True, separators=(",", ":")).encode(), 9)
    return f"\n<!-- tufline-{kind} {b64encode(packed).decode()} -->"


def _tree(text: str) -> dict[str, Any] | None:
    try:
        packed = b64decode(text, validate=True)
        tree = json.loads(zlib.decompressobj().decompress(packed, _LARGEST))
    except (ValueError, zlib.error, RecursionError):
        return None
    return tree if isinstance(tree, dict) else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
