"""The next snapshot and the next timestamp, ready to be signed.

Both list the files under them as these are published, so the published bytes are an argument.
A new repository lists version, length and SHA-256; an existing entry keeps the form it has, unless
another form is asked for.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from tuf.api.metadata import MetaFile, Root, Snapshot, Timestamp

from tufline.repository.edit._errors import UnknownHashAlgorithm
from tufline.repository.edit._terms import stated_periods
from tufline.repository.format import SNAPSHOT, TIMESTAMP, RoleName

_Online = TypeVar("_Online", Snapshot, Timestamp)


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """What a new version of an online role follows from, beside what it lists.

    Attributes:
        root: states the role's periods.
        now: the time of the signature (aware); expiry is counted from it.
        meta_hashes: whether entries state length and hashes; None: as the entry before does.
        drop_removed: whether entries of roles that are gone may go too: no client holds a snapshot
            that it would compare with.
    """

    root: Root
    now: datetime
    meta_hashes: bool | None = None
    drop_removed: bool = False


def next_snapshot(
    known: Snapshot | None,
    versions: Mapping[RoleName, int],
    published: Callable[[RoleName], bytes],
    issue: Issue,
) -> Snapshot:
    """Return the snapshot that lists the targets-type roles in these versions.

    An entry whose version stays is kept as it is, unless another form is asked for. So are those of
    roles that are gone, for clients refuse a snapshot without them (TUF specification, 5.5.5;
    docs/decisions/0006). Whether anything changed is the caller's to see: compare `meta` with that
    of `known`, as it is when no form is asked for.

    Args:
        known: the last snapshot; None in a new repository.
        versions: the version of each targets-type role.
        published: gives the published bytes of such a role.
        issue: root and time.
    """
    before = known.meta if known else {}
    meta = {} if issue.drop_removed else {name: _gone(before[name], issue) for name in before}
    for role, version in versions.items():
        name = f"{role}.json"
        meta[name] = _entry(name, before.get(name), version, partial(published, role), issue)
    snapshot = copy.deepcopy(known) if known else Snapshot(expires=issue.now.astimezone(UTC))
    snapshot.meta = meta
    return _issued(snapshot, SNAPSHOT, known, issue)


def next_timestamp(
    known: Timestamp | None, version: int, published: bytes, issue: Issue
) -> Timestamp:
    """Return the timestamp that lists snapshot `version` with these published bytes.

    Args:
        known: the last timestamp; None in a new repository.
        version: the version of the snapshot.
        published: the published bytes of that snapshot.
        issue: root and time.
    """
    before = known.snapshot_meta if known else None
    timestamp = copy.deepcopy(known) if known else Timestamp(expires=issue.now.astimezone(UTC))
    timestamp.snapshot_meta = _new_entry(SNAPSHOT, before, version, lambda: published, issue)
    return _issued(timestamp, TIMESTAMP, known, issue)


def _issued(signed: _Online, role: RoleName, known: _Online | None, issue: Issue) -> _Online:
    period = stated_periods(role, issue.root.roles[role]).expiry
    signed.version = (known.version if known else 0) + 1
    signed.expires = issue.now.astimezone(UTC) + period
    return signed


def _gone(before: MetaFile, issue: Issue) -> MetaFile:
    """Return the entry of a role that is gone: nobody has the file to hash it."""
    entry = copy.deepcopy(before)
    if issue.meta_hashes is False:
        entry.length = entry.hashes = None
    return entry


def _entry(
    name: str, before: MetaFile | None, version: int, read: Callable[[], bytes], issue: Issue
) -> MetaFile:
    stays = before is not None and before.version == version
    if before is not None and stays and _has_form(before, issue.meta_hashes):
        return copy.deepcopy(before)
    return _new_entry(name, before, version, read, issue)


def _has_form(entry: MetaFile, hashes: bool | None) -> bool:  # noqa: FBT001 - a setting's value
    """Whether the entry states length and hashes as it should."""
    stated = {entry.length is not None, entry.hashes is not None}
    return hashes is None or stated == {hashes}


def _new_entry(
    name: str, before: MetaFile | None, version: int, read: Callable[[], bytes], issue: Issue
) -> MetaFile:
    """Return an entry of the form that is asked for, or that the one before it has."""
    fields = copy.deepcopy(before.unrecognized_fields) if before else {}
    after = MetaFile(version, unrecognized_fields=fields)
    stated = before or MetaFile(1, 0, {"sha256": ""})
    hashes = list(stated.hashes or ["sha256"])
    if _wanted(issue, stated.length):
        after.length = len(read())
    if _wanted(issue, stated.hashes):
        after.hashes = _hashes(name, read(), hashes)
    return after


def _wanted(issue: Issue, before: object | None) -> bool:
    return before is not None if issue.meta_hashes is None else issue.meta_hashes


def _hashes(name: str, data: bytes, algorithms: list[str]) -> dict[str, str] | None:
    try:
        return MetaFile.from_data(1, data, algorithms).hashes
    except ValueError as error:
        raise UnknownHashAlgorithm(name, algorithms) from error
