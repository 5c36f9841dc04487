"""The payload: one file with an event and all that its review reads, known good's side included.

    {"format": "tufline-payload", "version": 1, "sha256": "…",
     "event": "sign/…", "main": "…", "head": "…", "behind": false,
     "lineage": {"merge-bases": 1, "stale": []},
     "known-good": {"metadata/root.json": ["file", "…"], …},
     "proposed": {…},
     "contents": ["base64", …]}

It is plain JSON, equal for equal events. Files are listed by path with their kind and an id; the id
of a content that is held is its SHA-256, computed by the reader. Of files that nobody reads only
that they exist counts, and whether both sides have the same: any text does for those. `sha256` is
over the canonical JSON of the rest and finds damage; against forgery people compare the SHA-256 of
the whole file.

What a forger could say: another main, which the root that the signer's machine trusts refuses; an
older one of the same repository, as anybody who stops the network can show; that the event merges
cleanly. Nothing that is signed is believed: it is reviewed and shown.
"""

import hashlib
import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from tufline.repository.format import (
    METADATA_FOLDER,
    SETTINGS_PATH,
    InvalidJson,
    canonical_json,
    parse_json,
    write_json,
)
from tufline.repository.history import Commit
from tufline.repository.jobs import EVENT_PREFIX, Event
from tufline.repository.review import Lineage, VerifierFor
from tufline.repository.settings import read_settings
from tufline.repository.state import Entry, Files, Kind, State
from tufline.signer.detached._errors import InvalidPayload, PayloadNotEqual, PayloadTooLarge
from tufline.signer.detached._listed import PayloadFiles
from tufline.signer.detached._recorded import RecordedFiles

LARGEST_PAYLOAD: Final = 64 * 2**20

_FORMAT: Final = "tufline-payload"
_VERSION: Final = 1
_FIELDS: Final = {
    *("format", "version", "sha256", "event", "main", "head", "behind", "lineage"),
    *("known-good", "proposed", "contents"),
}
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
EVENT_NAME: Final = re.compile(re.escape(EVENT_PREFIX) + r"[!-~]{1,200}")
_LONGEST_PATH: Final = 4096
_LONGEST_ID: Final = 64
_PAIR: Final = 2


def pack(
    event: Event,
    verifiers: VerifierFor,
    look: Callable[[Event], object],
    *,
    largest: int = LARGEST_PAYLOAD,
) -> bytes:
    """Return the payload of an event; raise `PayloadTooLarge`, `PayloadNotEqual`.

    `look` does with an event all that the person who signs will have done with it, and returns what
    they see. What that asks for is what the payload holds; and of the payload it must say the same.
    """
    base, proposed = (RecordedFiles(each.files) for each in (event.known_good, event.proposed))
    known_good = State(base)
    known_good.read(SETTINGS_PATH)
    recorded = replace(
        event,
        known_good=known_good,
        proposed=State(proposed),
        verifier=verifiers(known_good),
    )
    seen = look(recorded)
    for each in (base, proposed):  # few, and another version of this program may ask for others
        list(each.below(METADATA_FOLDER))
    data = _written(event, base, proposed, largest)
    if look(unpack(data, verifiers)) != seen:
        raise PayloadNotEqual(event.name)
    return data


def unpack(data: bytes, verifiers: VerifierFor) -> Event:
    """Return the event of a payload; raise `InvalidPayload`, or what its settings are refused for.

    It was made of what the payload says. Review says whether that may be signed.
    """
    tree = _tree(data)
    contents = {_digest(each): each for each in _contents(tree["contents"])}
    sides = (_entries(tree[name]) for name in ("known-good", "proposed"))
    known_good, proposed = (State(PayloadFiles(each, contents)) for each in sides)
    return Event(
        name=_text(tree, "event", EVENT_NAME),
        main=Commit(_text(tree, "main", _COMMIT)),
        head=Commit(_text(tree, "head", _COMMIT)),
        behind=_flag(tree, "behind"),
        known_good=known_good,
        proposed=proposed,
        lineage=_lineage(tree["lineage"]),
        settings=read_settings(known_good),
        verifier=verifiers(known_good),
    )


def _written(event: Event, base: RecordedFiles, proposed: RecordedFiles, largest: int) -> bytes:
    paths = sorted(base.paths | proposed.paths)  # both sides of each, or it would seem a change
    contents = _read_contents(event, base, proposed, paths, largest)
    ids = {git_id: _digest(data) for git_id, data in contents.items()}
    body = {
        "format": _FORMAT,
        "version": _VERSION,
        "event": event.name,
        "main": event.main,
        "head": event.head,
        "behind": event.behind,
        "lineage": {
            "merge-bases": event.lineage.merge_bases,
            "stale": list(event.lineage.stale),
        },
        "known-good": _listing(base.files, paths, ids),
        "proposed": _listing(proposed.files, paths, ids),
        "contents": [
            b64encode(data).decode()
            for _, data in sorted({_digest(d): d for d in contents.values()}.items())
        ],
    }
    data = write_json({**body, "sha256": _digest(canonical_json(body))})
    if len(data) > largest:
        raise PayloadTooLarge(event.name, largest)
    return data


def _read_contents(
    event: Event, base: RecordedFiles, proposed: RecordedFiles, paths: list[str], largest: int
) -> dict[str, bytes]:
    """Return the contents that were read on either side, by git's id."""
    wanted = base.read_ids | proposed.read_ids
    found: dict[str, bytes] = {}
    size = 0
    for side in (base.files, proposed.files):
        entries = (side.find(path) for path in paths)
        new = [each for each in entries if each and each.id in wanted and each.id not in found]
        for entry, data in side.read_many(new):
            size += len(data) if entry.id not in found else 0
            if size > largest:
                raise PayloadTooLarge(event.name, largest)
            found[entry.id] = data
    return found


def _listing(files: Files, paths: list[str], ids: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    found = (files.find(path) for path in paths)
    return {each.path: (str(each.kind), ids.get(each.id, each.id)) for each in found if each}


def _tree(data: bytes) -> dict[str, Any]:
    """Return the JSON of a payload of a version that we know, undamaged."""
    if len(data) > LARGEST_PAYLOAD:
        raise InvalidPayload(f"it is over {LARGEST_PAYLOAD} bytes")
    try:
        tree = parse_json(data)
        if not isinstance(tree, dict) or tree.get("format") != _FORMAT:
            raise InvalidPayload(f'it does not say "format": "{_FORMAT}"')
        if tree.get("version") != _VERSION:
            raise InvalidPayload(
                f"it is of version {str(tree.get('version'))[:9]!r}, not {_VERSION}"
            )
        if set(tree) != _FIELDS:
            raise InvalidPayload("a field is missing, or is one that nobody knows")
        body = {name: value for name, value in tree.items() if name != "sha256"}
        digest = _digest(canonical_json(body))
    except InvalidJson as error:
        raise InvalidPayload(str(error)) from error
    if tree["sha256"] != digest:
        raise InvalidPayload("it was damaged or changed: its content has another digest")
    return tree


def _entries(listing: object) -> dict[str, Entry]:
    if not isinstance(listing, dict):
        raise InvalidPayload("a list of files is no object")
    return {path: _entry(path, told) for path, told in listing.items()}


def _entry(path: str, told: object) -> Entry:
    _expect_path(path)
    if not isinstance(told, list) or len(told) != _PAIR or not all(map(_is_text, told)):
        raise InvalidPayload(f"{path!r} has no kind and id")
    kind, content = told
    if kind not in {*Kind} or not 1 <= len(content) <= _LONGEST_ID:
        raise InvalidPayload(f"{path!r} is of a kind that nobody knows, or has no id")
    return Entry(path, Kind(kind), content)


def _expect_path(path: str) -> None:
    """Refuse what git could not hold, and what would lead out of a folder."""
    parts = path.split("/")
    if (
        len(path) > _LONGEST_PATH
        or "\0" in path
        or any(part.lower() in {"", ".", "..", ".git"} for part in parts)
    ):
        raise InvalidPayload(f"{path[:80]!r} cannot be a path in a repository")


def _contents(found: object) -> Iterator[bytes]:
    if not isinstance(found, list):
        raise InvalidPayload("contents is no list")
    for each in found:
        try:
            yield b64decode(each, validate=True)
        except (Base64Error, TypeError, ValueError) as error:
            raise InvalidPayload("a content is not in base64") from error


def _lineage(found: object) -> Lineage:
    match found:
        case {"merge-bases": int(bases), "stale": list(stale), **rest} if not rest:
            if all(map(_is_text, stale)) and not isinstance(bases, bool):
                return Lineage(merge_bases=bases, stale=tuple(stale))
    raise InvalidPayload("lineage does not say merge-bases and stale")


def _text(tree: Mapping[str, object], field: str, form: re.Pattern[str]) -> str:
    value = tree[field]
    if not isinstance(value, str) or not form.fullmatch(value):
        raise InvalidPayload(f"{field} is not what it should be")
    return value


def _flag(tree: Mapping[str, object], field: str) -> bool:
    value = tree[field]
    if not isinstance(value, bool):
        raise InvalidPayload(f"{field} is neither true nor false")
    return value


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
