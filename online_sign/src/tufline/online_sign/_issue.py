"""Decide whether a snapshot and a timestamp are due, over given content, and issue them."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from securesystemslib.signer import Key
from tuf.api.metadata import Metadata, Snapshot, Timestamp

from tufline.online_sign._ground import Ground, Last, Online
from tufline.online_sign._keys import OnlineKeyFailed
from tufline.online_sign._not_signed import NotSigned
from tufline.online_sign._run import Run
from tufline.repository.edit import Issue, next_snapshot, next_timestamp
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
from tufline.repository.review import tally
from tufline.repository.state import LoadedTargets, State, delegation_graph


class Unreadable(Refusal):
    """The accepted state lacks metadata that it was accepted with."""

    hint = "run `tufline review` on main"


def issue(ground: Ground, run: Run) -> dict[str, bytes]:
    """Return the online metadata that is due, signed and verified; nothing where none is.

    Raises `NotSigned` if too few keys work. Where a threshold is met all the same, `run` says which
    failed.
    """
    last = ground.last(Snapshot)
    new = _next_snapshot(ground, last, run)
    snapshot = new or last.document
    timestamp = snapshot and _next_timestamp(ground, snapshot, run)
    issued = {SNAPSHOT: new, TIMESTAMP: timestamp}
    return {metadata_path(role): each.data for role, each in issued.items() if each}


def issue_timestamp(ground: Ground, snapshot: Document[Snapshot], run: Run) -> bytes | None:
    """Return the next timestamp over a snapshot that is signed; None where there is one already.

    Raises `NotSigned`.
    """
    timestamp = _next_timestamp(ground, snapshot, run)
    return timestamp.data if timestamp else None


def _next_snapshot(ground: Ground, last: Last[Snapshot], run: Run) -> Document[Snapshot] | None:
    """Return a new snapshot, or None where the published one still serves.

    Another form of its entries is taken with the next version, and is no reason for one.
    """
    same = _wanted_snapshot(ground, last.signed, ground.as_before())
    if last.signed and same.meta == last.signed.meta and not _is_due(ground, SNAPSHOT, last):
        return None
    wanted = _wanted_snapshot(ground, last.signed, ground.issue(last))
    return _signed(ground, SNAPSHOT, wanted, run)


def _next_timestamp(
    ground: Ground, snapshot: Document[Snapshot], run: Run
) -> Document[Timestamp] | None:
    """Return a new timestamp over `snapshot`, or None where the published one still serves."""
    last, published = ground.last(Timestamp), without_empty_signatures(snapshot.data)
    version = snapshot.signed.version
    same = next_timestamp(last.signed, version, published, ground.as_before())
    unchanged = last.signed is not None and same.snapshot_meta == last.signed.snapshot_meta
    if unchanged and not _is_due(ground, TIMESTAMP, last):
        return None
    wanted = next_timestamp(last.signed, version, published, ground.issue())
    return _signed(ground, TIMESTAMP, wanted, run)


def _wanted_snapshot(ground: Ground, last: Snapshot | None, issue: Issue) -> Snapshot:
    versions = ground.versions or _versions(ground.content)

    def published(role: RoleName) -> bytes:
        data = ground.content.read(metadata_path(role))
        return without_empty_signatures(data or b"")

    return next_snapshot(last, versions, published, issue)


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
    words = ground.delegations(role)
    return not all(tally(document, each, ground.verifier).met for each in words)


def _signed(ground: Ground, role: RoleName, signed: Online, run: Run) -> Document[Online]:
    """Sign with the keys that all the roots name, and count before anything is kept."""
    metadata: Metadata[Online] = Metadata(signed)
    payload = canonical_json(signed.to_dict())
    for key in _distinct(each.keys for each in ground.delegations(role)):
        with suppress(OnlineKeyFailed):  # the run remembers it; others may be enough
            metadata.signatures[key.keyid] = run.sign(key, payload, ground.verifier)
    document = parse_document(write_document(metadata), type(signed))
    for delegation in ground.delegations(role):
        if not tally(document, delegation, ground.verifier).met:
            raise NotSigned(role, run.failed)
    return document


def _distinct(groups: Iterable[Mapping[str, Key]]) -> tuple[Key, ...]:
    return tuple({keyid: key for keys in groups for keyid, key in keys.items()}.values())


def _version(loaded: LoadedTargets, role: RoleName) -> int:
    if not isinstance(loaded, Document):
        raise Unreadable(f"the metadata of {role} cannot be read")
    return loaded.signed.version
