"""Decide whether a snapshot and a timestamp are due, over given content, and issue them."""

from collections.abc import Iterable, Mapping

from securesystemslib.signer import Key
from tuf.api.metadata import Metadata, Snapshot, Timestamp

from tufline.online_sign._ground import Ground, Last, Online
from tufline.online_sign._keys import OnlineKeyFailed, OnlineKeys
from tufline.repository.edit import next_snapshot, next_timestamp
from tufline.repository.errors import Refusal
from tufline.repository.format import (
    SNAPSHOT,
    TIMESTAMP,
    Document,
    RoleName,
    canonical_json,
    metadata_path,
    parse_document,
    role_periods,
    without_empty_signatures,
    write_document,
)
from tufline.repository.review import LocalKeys, tally
from tufline.repository.state import LoadedTargets, State, delegation_graph


class Unreadable(Refusal):
    """The accepted state lacks metadata that it was accepted with."""

    hint = "run `tufline review` on main"


def issue(ground: Ground, keys: OnlineKeys) -> dict[str, bytes]:
    """Return the online metadata that is due, signed and verified; nothing where none is."""
    last = ground.last(Snapshot)
    new = _next_snapshot(ground, last, keys)
    snapshot = new or last.document
    timestamp = snapshot and _next_timestamp(ground, snapshot, keys)
    issued = {SNAPSHOT: new, TIMESTAMP: timestamp}
    return {metadata_path(role): each.data for role, each in issued.items() if each}


def _next_snapshot(
    ground: Ground, last: Last[Snapshot], keys: OnlineKeys
) -> Document[Snapshot] | None:
    """Return a new snapshot, or None where the published one still serves."""
    wanted = _wanted_snapshot(ground, last.signed)
    if last.signed and wanted.meta == last.signed.meta and not _is_due(ground, SNAPSHOT, last):
        return None
    return _signed(ground, SNAPSHOT, wanted, keys)


def _next_timestamp(
    ground: Ground, snapshot: Document[Snapshot], keys: OnlineKeys
) -> Document[Timestamp] | None:
    """Return a new timestamp over `snapshot`, or None where the published one still serves."""
    last, published = ground.last(Timestamp), without_empty_signatures(snapshot.data)
    version = snapshot.signed.version
    wanted = next_timestamp(last.signed, version, published, ground.issue())
    same = last.signed is not None and wanted.snapshot_meta == last.signed.snapshot_meta
    if same and not _is_due(ground, TIMESTAMP, last):
        return None
    return _signed(ground, TIMESTAMP, wanted, keys)


def _wanted_snapshot(ground: Ground, last: Snapshot | None) -> Snapshot:
    versions = ground.versions or _versions(ground.content)

    def published(role: RoleName) -> bytes:
        data = ground.content.read(metadata_path(role))
        return without_empty_signatures(data or b"")

    return next_snapshot(last, versions, published, ground.issue())


def _versions(content: State) -> dict[RoleName, int]:
    roles = delegation_graph(content).delegators
    return {role: _version(content.targets(role), role) for role in roles}


def _is_due(ground: Ground, role: RoleName, last: Last[Online]) -> bool:
    """Whether a version must be replaced: elsewhere only, near its end, or badly signed."""
    document = last.document
    if document is None or not last.published:
        return True
    periods = role_periods(ground.root.roles[role])
    if periods is None or document.signed.expires - periods.signing_or_default <= ground.now:
        return True
    verifier = LocalKeys()
    return not all(tally(document, each, verifier).met for each in ground.delegations(role))


def _signed(ground: Ground, role: RoleName, signed: Online, keys: OnlineKeys) -> Document[Online]:
    """Sign with the keys that all the roots name, and verify before anything is kept."""
    metadata: Metadata[Online] = Metadata(signed)
    payload = canonical_json(signed.to_dict())
    failures = []
    for key in _distinct(each.keys for each in ground.delegations(role)):
        try:
            metadata.signatures[key.keyid] = keys.sign(key, payload)
        except OnlineKeyFailed as failure:
            failures.append(failure)
    document = parse_document(write_document(metadata), type(signed))
    for delegation in ground.delegations(role):
        counted = tally(document, delegation, LocalKeys())
        if not counted.met:
            raise _failure(failures, counted.labels(counted.unverified or counted.missing))
    return document


def _failure(failures: list[OnlineKeyFailed], names: tuple[str, ...]) -> OnlineKeyFailed:
    if failures:
        return failures[0]
    return OnlineKeyFailed(", ".join(names), "signed with another key than the metadata has")


def _distinct(groups: Iterable[Mapping[str, Key]]) -> tuple[Key, ...]:
    return tuple({keyid: key for keys in groups for keyid, key in keys.items()}.values())


def _version(loaded: LoadedTargets, role: RoleName) -> int:
    if not isinstance(loaded, Document):
        raise Unreadable(f"the metadata of {role} cannot be read")
    return loaded.signed.version
