"""Snapshot and timestamp of the shadow, made as online signing makes the real ones."""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from securesystemslib.signer import Signature
from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import Metadata, MetaFile, Snapshot, Timestamp

from tufline.repository.edit import Issue, next_snapshot, next_timestamp
from tufline.repository.format import (
    SNAPSHOT,
    TIMESTAMP,
    Document,
    RoleName,
    canonical_json,
    role_of_path,
    without_empty_signatures,
    write_document,
)
from tufline.repository.shadow._made import Made
from tufline.repository.shadow._trust import Signers, united
from tufline.repository.state import State

_Signed = TypeVar("_Signed", Snapshot, Timestamp)


@dataclass(frozen=True, kw_only=True, slots=True)
class Online:
    """Snapshot and timestamp, and the files of them that clients get."""

    snapshot: Snapshot
    timestamp: Timestamp
    snapshot_data: bytes
    timestamp_data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Last:
    """The snapshot and timestamp that the next ones follow, where there are any."""

    snapshot: Snapshot | None = None
    timestamp: Timestamp | None = None


def last_of(state: State, made: Mapping[RoleName, Made]) -> Last:
    """Return what the state has, with lengths and hashes of the shadow's files.

    A length or hash that is wrong for the real file stays wrong.
    """
    snapshot, timestamp = state.snapshot(), state.timestamp()
    shadowed = None
    if isinstance(snapshot, Document):
        shadowed = copy.deepcopy(snapshot.signed)
        shadowed.meta = {name: _entry(name, meta, made) for name, meta in shadowed.meta.items()}
    return Last(
        snapshot=shadowed,
        timestamp=timestamp.signed if isinstance(timestamp, Document) else None,
    )


def make_online(
    last: Last,
    made: Mapping[RoleName, Made],
    words: Iterable[Signers],
    issue: Issue,
    *,
    only_renew: bool = False,
) -> Online:
    """Return the next snapshot and timestamp over `made`.

    Args:
        last: those that they follow.
        made: the targets-type roles.
        words: what each root that clients may hold on their way says of online keys.
        issue: the newest root, and the time.
        only_renew: whether versions stay where nothing changed but the time.
    """
    words = tuple(words)
    versions = {role: each.version for role, each in made.items()}
    snapshot = next_snapshot(last.snapshot, versions, lambda role: made[role].data, issue)
    if only_renew and last.snapshot and last.snapshot.meta == snapshot.meta:
        snapshot.version = last.snapshot.version
    snapshot_data = _signed(snapshot, SNAPSHOT, words)
    timestamp = next_timestamp(last.timestamp, snapshot.version, snapshot_data, issue)
    if (
        only_renew
        and last.timestamp
        and last.snapshot
        and last.snapshot.version == snapshot.version
    ):
        timestamp.version = last.timestamp.version
    return Online(
        snapshot=snapshot,
        timestamp=timestamp,
        snapshot_data=snapshot_data,
        timestamp_data=_signed(timestamp, TIMESTAMP, words),
    )


def _entry(name: str, meta: MetaFile, made: Mapping[RoleName, Made]) -> MetaFile:
    role = role_of_path(f"metadata/{name}")
    there = made.get(role) if role else None
    if there is None or there.version != meta.version:
        return meta
    try:
        meta.verify_length_and_hashes(without_empty_signatures(there.source.data))
    except LengthOrHashMismatchError:
        return meta
    entry = copy.deepcopy(meta)
    entry.length = None if meta.length is None else len(there.data)
    if meta.hashes is not None:
        entry.hashes = MetaFile.from_data(1, there.data, list(meta.hashes)).hashes
    return entry


def _signed(signed: _Signed, role: RoleName, words: Iterable[Signers]) -> bytes:
    """Return the file, signed by the twins of all keys that the roots name, in their order."""
    metadata: Metadata[_Signed] = Metadata(copy.deepcopy(signed))
    payload = canonical_json(signed.to_dict())
    for twins in united(each.get(role, {}) for each in words).values():
        for twin in twins:
            metadata.signatures[twin.keyid] = Signature(twin.keyid, twin.sign(payload))
    return write_document(metadata)
