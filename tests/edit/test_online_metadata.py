import hashlib
from datetime import timedelta

import pytest
from tests.edit.event import Event
from tests.support.sample import NOW
from tuf.api.metadata import MetaFile, Root, Snapshot, Timestamp

from tufline.repository.edit import (
    Issue,
    UnknownHashAlgorithm,
    UnusablePeriods,
    next_snapshot,
    next_timestamp,
)
from tufline.repository.format import RoleName

BYTES = {RoleName("targets"): b"targets bytes", RoleName("npm"): b"npm bytes"}
VERSIONS = {RoleName("targets"): 3, RoleName("npm"): 1}


def issue(*, meta_hashes: bool | None = None, drop_removed: bool = False) -> Issue:
    root: Root = Event().signed("root")
    return Issue(root=root, now=NOW, meta_hashes=meta_hashes, drop_removed=drop_removed)


def never_read(role: RoleName) -> bytes:
    raise AssertionError(role)


def test_a_new_repository_lists_version_length_and_hash_of_what_is_published() -> None:
    snapshot = next_snapshot(None, VERSIONS, BYTES.__getitem__, issue())
    assert {name: entry.to_dict() for name, entry in snapshot.meta.items()} == {
        "targets.json": {
            "version": 3,
            "length": 13,
            "hashes": {"sha256": hashlib.sha256(b"targets bytes").hexdigest()},
        },
        "npm.json": {
            "version": 1,
            "length": 9,
            "hashes": {"sha256": hashlib.sha256(b"npm bytes").hexdigest()},
        },
    }
    assert (snapshot.version, snapshot.expires) == (1, NOW + timedelta(days=30))


def test_entries_keep_their_form() -> None:
    known = Snapshot(version=4, unrecognized_fields={"x-kept": 1})
    sha512 = MetaFile(1, None, {"sha512": "00"}, {"x-entry": 2})
    known.meta = {"targets.json": MetaFile(2), "npm.json": sha512}
    versions = {RoleName("targets"): 3, RoleName("npm"): 2}
    snapshot = next_snapshot(known, versions, BYTES.__getitem__, issue())
    assert snapshot.meta["targets.json"].to_dict() == {"version": 3}
    assert snapshot.meta["npm.json"].to_dict() == {
        "version": 2,
        "hashes": {"sha512": hashlib.sha512(b"npm bytes").hexdigest()},
        "x-entry": 2,
    }
    assert snapshot.unrecognized_fields == {"x-kept": 1}
    assert known.meta["targets.json"].version == 2


def test_an_entry_of_the_same_version_is_kept_without_reading_the_file() -> None:
    known = next_snapshot(None, VERSIONS, BYTES.__getitem__, issue())
    snapshot = next_snapshot(known, VERSIONS, never_read, issue())
    assert snapshot.meta == known.meta
    assert snapshot.version == 2


def test_entries_of_removed_roles_stay() -> None:
    known = next_snapshot(None, VERSIONS, BYTES.__getitem__, issue())
    versions = {RoleName("targets"): 3}
    kept = next_snapshot(known, versions, never_read, issue())
    assert kept.meta["npm.json"] == known.meta["npm.json"]


def test_entries_get_hashes_where_these_are_asked_for() -> None:
    known = Snapshot()
    sha512 = MetaFile(1, None, {"sha512": "00"}, {"x-entry": 2})
    known.meta = {"targets.json": MetaFile(3), "npm.json": sha512, "gone.json": MetaFile(5)}
    snapshot = next_snapshot(known, VERSIONS, BYTES.__getitem__, issue(meta_hashes=True))
    assert {name: entry.to_dict() for name, entry in snapshot.meta.items()} == {
        "targets.json": {
            "version": 3,
            "length": 13,
            "hashes": {"sha256": hashlib.sha256(b"targets bytes").hexdigest()},
        },
        "npm.json": {
            "version": 1,
            "length": 9,
            "hashes": {"sha512": hashlib.sha512(b"npm bytes").hexdigest()},
            "x-entry": 2,
        },
        "gone.json": {"version": 5},
    }


def test_entries_that_have_hashes_already_are_not_read_again() -> None:
    known = next_snapshot(None, VERSIONS, BYTES.__getitem__, issue())
    snapshot = next_snapshot(known, VERSIONS, never_read, issue(meta_hashes=True))
    assert snapshot.meta == known.meta


def test_entries_lose_length_and_hashes_where_they_are_not_wanted() -> None:
    known = next_snapshot(None, VERSIONS, BYTES.__getitem__, issue())
    known.meta["gone.json"] = MetaFile(5, 3, {"sha256": "00"})
    plain = issue(meta_hashes=False)
    snapshot = next_snapshot(known, VERSIONS, never_read, plain)
    assert {name: entry.to_dict() for name, entry in snapshot.meta.items()} == {
        "targets.json": {"version": 3},
        "npm.json": {"version": 1},
        "gone.json": {"version": 5},
    }
    assert next_snapshot(None, VERSIONS, never_read, plain).meta["npm.json"] == MetaFile(1)


def test_entries_of_removed_roles_go_where_nobody_would_miss_them() -> None:
    known = next_snapshot(None, VERSIONS, BYTES.__getitem__, issue())
    versions = {RoleName("targets"): 3}
    kept = next_snapshot(known, versions, never_read, issue(drop_removed=True))
    assert kept.meta == {"targets.json": known.meta["targets.json"]}


def test_versions_go_on_by_one() -> None:
    assert next_snapshot(Snapshot(version=4), {}, never_read, issue()).version == 5
    assert next_timestamp(Timestamp(version=4), 1, b"", issue()).version == 5


def test_the_timestamp_lists_the_snapshot_as_published() -> None:
    timestamp = next_timestamp(None, 7, b"snapshot", issue())
    digest = hashlib.sha256(b"snapshot").hexdigest()
    assert timestamp.snapshot_meta.to_dict() == {
        "version": 7,
        "length": 8,
        "hashes": {"sha256": digest},
    }
    assert (timestamp.version, timestamp.expires) == (1, NOW + timedelta(days=7))


def test_the_timestamps_entry_keeps_its_form_too() -> None:
    known = Timestamp(version=2, snapshot_meta=MetaFile(6), unrecognized_fields={"x-kept": 1})
    timestamp = next_timestamp(known, 7, b"snapshot", issue())
    assert timestamp.snapshot_meta.to_dict() == {"version": 7}
    assert timestamp.unrecognized_fields == {"x-kept": 1}
    with_length = Timestamp(version=2, snapshot_meta=MetaFile(6, 3))
    assert next_timestamp(with_length, 7, b"snapshot", issue()).snapshot_meta.to_dict() == {
        "version": 7,
        "length": 8,
    }


def test_the_timestamps_entry_takes_the_form_that_is_asked_for() -> None:
    known = Timestamp(version=2, snapshot_meta=MetaFile(6))
    full = next_timestamp(known, 7, b"snapshot", issue(meta_hashes=True)).snapshot_meta
    digest = hashlib.sha256(b"snapshot").hexdigest()
    assert full.to_dict() == {"version": 7, "length": 8, "hashes": {"sha256": digest}}
    plain = next_timestamp(None, 7, b"snapshot", issue(meta_hashes=False)).snapshot_meta
    assert plain.to_dict() == {"version": 7}


def test_root_must_state_the_period() -> None:
    asked = issue()
    asked.root.roles["snapshot"].unrecognized_fields.clear()
    with pytest.raises(UnusablePeriods, match="periods of snapshot"):
        next_snapshot(None, {}, never_read, asked)


def test_a_hash_that_cannot_be_computed_is_named() -> None:
    known = Snapshot(meta={"npm.json": MetaFile(1, None, {"md17": "00"})})
    versions = {RoleName("npm"): 2}
    with pytest.raises(UnknownHashAlgorithm, match=r"npm\.json cannot be hashed with md17"):
        next_snapshot(known, versions, BYTES.__getitem__, issue())
