"""Decide whether a snapshot and a timestamp are due, over given content, and issue them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from securesystemslib.signer import Key
from tuf.api.metadata import Metadata, Root, Snapshot, Timestamp

from tufline.online_sign._keys import OnlineKeyFailed, OnlineKeys
from tufline.repository.edit import Issue, next_snapshot, next_timestamp
from tufline.repository.errors import Refusal
from tufline.repository.format import (
    ROOT,
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
from tufline.repository.state import (
    Delegation,
    LoadedTargets,
    State,
    delegation_graph,
    delegation_of,
)

Online = TypeVar("Online", Snapshot, Timestamp)


class Unreadable(Refusal):
    """The accepted state lacks metadata that it was accepted with."""

    hint = "run `tufline review` on main"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What online metadata is issued on.

    Attributes:
        content: the accepted state.
        known: the last published state; its snapshot and timestamp are continued.
        roots: the current root, and those before it that clients may still hold.
        above: the highest version of each online role that was ever seen anywhere else.
        versions: the version of each role of `content`, where a review has just read them all.
    """

    content: State
    known: State
    roots: tuple[Document[Root], ...]
    above: Mapping[RoleName, int]
    now: datetime
    versions: Mapping[RoleName, int] | None = None

    @property
    def root(self) -> Root:
        """The current root."""
        return self.roots[-1].signed

    def delegations(self, role: RoleName) -> tuple[Delegation, ...]:
        """Return what each of the roots says of `role`."""
        found = (delegation_of(ROOT, root, role) for root in self.roots)
        return tuple(each for each in found if each is not None)

    def issue(self, role: RoleName) -> Issue:
        """Return what a new version of `role` follows from."""
        return Issue(root=self.root, now=self.now, above=self.above.get(role, 0))


def issue(ground: Ground, keys: OnlineKeys) -> dict[str, bytes]:
    """Return the online metadata that is due, signed and verified; nothing where none is."""
    known = _snapshot(ground.known)
    snapshot = _next_snapshot(ground, known, keys)
    timestamp = _next_timestamp(ground, snapshot or known, keys, due=snapshot is not None)
    issued = {SNAPSHOT: snapshot, TIMESTAMP: timestamp}
    return {metadata_path(role): each.data for role, each in issued.items() if each}


def _next_snapshot(
    ground: Ground, known: Document[Snapshot] | None, keys: OnlineKeys
) -> Document[Snapshot] | None:
    """Return a new snapshot, or None where the known one still serves."""
    wanted = _wanted_snapshot(ground, known)
    if known and wanted.meta == known.signed.meta and not _is_due(ground, SNAPSHOT, known):
        return None
    return _signed(ground, SNAPSHOT, wanted, keys)


def _next_timestamp(
    ground: Ground, snapshot: Document[Snapshot] | None, keys: OnlineKeys, *, due: bool
) -> Document[Timestamp] | None:
    """Return a new timestamp over `snapshot`, or None where the known one still serves."""
    loaded = ground.known.timestamp()
    known = loaded if isinstance(loaded, Document) else None
    if snapshot is None or not (due or known is None or _is_due(ground, TIMESTAMP, known)):
        return None
    last = known.signed if known else None
    published = without_empty_signatures(snapshot.data)
    version = snapshot.signed.version
    wanted = next_timestamp(last, version, published, ground.issue(TIMESTAMP))
    return _signed(ground, TIMESTAMP, wanted, keys)


def _snapshot(state: State) -> Document[Snapshot] | None:
    loaded = state.snapshot()
    return loaded if isinstance(loaded, Document) else None


def _wanted_snapshot(ground: Ground, known: Document[Snapshot] | None) -> Snapshot:
    versions = ground.versions or _versions(ground.content)

    def published(role: RoleName) -> bytes:
        data = ground.content.read(metadata_path(role))
        return without_empty_signatures(data or b"")

    last = known.signed if known else None
    return next_snapshot(last, versions, published, ground.issue(SNAPSHOT))


def _versions(content: State) -> dict[RoleName, int]:
    roles = delegation_graph(content).delegators
    return {role: _version(content.targets(role), role) for role in roles}


def _is_due(ground: Ground, role: RoleName, document: Document[Online]) -> bool:
    """Whether a version must be replaced: near its end, or not signed for every root."""
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
