"""Signatures in metadata files: put in, and cleaned of those that nobody gave."""

from collections.abc import Collection
from typing import Any

from securesystemslib.signer import Signature

from tufline.repository.format import (
    AnySigned,
    Document,
    historic_root_version,
    role_of_path,
    without_empty_signatures,
    write_json,
)
from tufline.repository.state import State


def with_signature(document: Document[AnySigned], signature: Signature) -> bytes:
    """Return the file with `signature` in the place of its key's entry, or last if there is none.

    All else stays, also what other signatures carry beside their value (Sigstore bundles). For
    root, `role_files` says where the result belongs.
    """
    tree = document.tree()
    entries = tree["signatures"]
    places = [place for place, entry in enumerate(entries) if entry["keyid"] == signature.keyid]
    place = places[0] if places else len(entries)
    entries[place : place + 1] = [signature.to_dict()]
    return write_json(tree)


def without_signatures(document: Document[Any], keyids: Collection[str]) -> bytes:
    """Return the file without the entries of these keys."""
    tree = document.tree()
    tree["signatures"] = [each for each in tree["signatures"] if each["keyid"] not in keyids]
    return write_json(tree)


def strip_empty_signatures(known_good: State, event: State) -> dict[str, bytes]:
    """Return the files of the event that hold empty signatures, without these.

    Only metadata that the event changed is looked at. When an event is ready, this makes main
    equal to what becomes public. Raise `InvalidMetadata` if a file is not metadata; then the event
    was not ready.
    """
    changed = (change.path for change in event.files.since(known_good.files))
    metadata = (path for path in changed if role_of_path(path) or historic_root_version(path))
    found = ((path, event.read(path)) for path in metadata)
    files = {path: data for path, data in found if data is not None}
    stripped = {path: without_empty_signatures(data) for path, data in files.items()}
    return {path: data for path, data in stripped.items() if data != files[path]}
