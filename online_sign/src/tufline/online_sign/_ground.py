"""What online metadata is issued on: content, roots, and the versions there are already."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, TypeVar

from securesystemslib.signer import Key
from tuf.api.metadata import Root, Snapshot, Timestamp

from tufline.repository.edit import Issue
from tufline.repository.format import (
    ROOT,
    SNAPSHOT,
    TIMESTAMP,
    Document,
    RoleName,
    key_material,
)
from tufline.repository.identities import EitherVerifier, verifier_for
from tufline.repository.publish import Deployed
from tufline.repository.review import KeyVerifier, LocalKeys, tally, with_holders
from tufline.repository.settings import read_settings
from tufline.repository.state import Delegation, LoadedRoot, State, delegation_of

Online = TypeVar("Online", Snapshot, Timestamp)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What online metadata is issued on.

    Attributes:
        content: the accepted state.
        known: the last published state; its snapshot and timestamp are continued.
        elsewhere: online metadata that lies in other places; where it is newer, it is continued.
        roots: the current root, and those before it that clients may still hold.
        witnesses: the roots under which online metadata is believed, so that nobody but the keys'
            users can drive the versions up to where none is left.
        meta_hashes: whether entries of new online metadata state length and hashes.
        emergency: whether clients take the current root before anything else, declared so.
        versions: the version of each role of `content`, where a review has just read them all.
        verifier: takes the signatures that clients of `content` are to take.
        believes: takes those of before, too: a trust root may have dropped what they were made by.
    """

    content: State
    known: State
    elsewhere: tuple[Document[Snapshot] | Document[Timestamp], ...]
    roots: tuple[Document[Root], ...]
    witnesses: tuple[Document[Root], ...]
    now: datetime
    meta_hashes: bool | None = None
    emergency: bool = False
    versions: Mapping[RoleName, int] | None = None
    verifier: KeyVerifier = field(default_factory=LocalKeys)
    believes: KeyVerifier = field(default_factory=LocalKeys)

    @property
    def root(self) -> Root:
        """The current root."""
        return self.roots[-1].signed

    def delegations(self, role: RoleName) -> tuple[Delegation, ...]:
        """Return what each of the roots says of `role`, and where its keys are.

        The root of an import names the keys of the roots before it.
        """
        known = self.root.keys.values()
        return tuple(with_holders(each, known) for each in _words(self.roots, role))

    def as_before(self) -> Issue:
        """Return what a version follows from that differs from the last one only in content."""
        return Issue(root=self.root, now=self.now)

    def issue(self, snapshot: "Last[Snapshot] | None" = None) -> Issue:
        """Return what a new version follows from: after `snapshot`, where it is one of these."""
        forgotten = snapshot is not None and self._forgotten(snapshot.document)
        return replace(self.as_before(), meta_hashes=self.meta_hashes, drop_removed=forgotten)

    def _forgotten(self, snapshot: Document[Snapshot] | None) -> bool:
        """Whether no client will compare the next snapshot with an earlier one.

        A client forgets its snapshot when the keys change (TUF specification, 5.3.11), at the
        latest because no signature on it counts any more. But only in a declared emergency does it
        have the new root by then; else the old keys sign the next snapshot too, and clients with
        the old root compare. Keys that come back would make old snapshots count again.
        """
        role = delegation_of(ROOT, self.roots[-1], SNAPSHOT) if self.roots else None
        if not self.emergency or role is None or snapshot is None:
            return False
        before = (self.content.historic_root(v) for v in range(1, self.root.version))
        old = [delegation_of(ROOT, each, SNAPSHOT) for each in before]
        used = {_material(key) for each in old if each for key in each.keys.values()}
        kept = used & {_material(key) for key in role.keys.values()}
        return not kept and not tally(snapshot, role, self.believes).signed

    def last(self, kind: type[Online]) -> "Last[Online]":
        """Return the newest version that can be believed."""
        role = RoleName(kind.type)
        loaded = self.known.snapshot() if role == SNAPSHOT else self.known.timestamp()
        believed = [
            each
            for each in (loaded, *self.elsewhere)
            if isinstance(each, Document) and isinstance(each.signed, kind)
            if any(tally(each, word, self.believes).met for word in _words(self.witnesses, role))
        ]
        newest = max((each.signed.version for each in believed), default=None)
        rivals = [each for each in believed if each.signed.version == newest]
        ours = isinstance(loaded, Document) and all(each.data == loaded.data for each in rivals)
        return Last(document=rivals[0] if rivals else None, published=ours)


@dataclass(frozen=True, kw_only=True, slots=True)
class Last(Generic[Online]):
    """The newest version of an online role, and whether it is what the publish branch holds."""

    document: Document[Online] | None
    published: bool

    @property
    def signed(self) -> Online | None:
        """What it says."""
        return self.document.signed if self.document else None


def ground_of(
    content: State, known: State, *, main: State | None, deployed: Deployed, now: datetime
) -> Ground:
    """Return what snapshot and timestamp over `content` follow from.

    Args:
        content: what was accepted: main, or publish itself.
        known: what publish holds; main where there is no publish yet.
        main: whose own copies of online metadata count too, if any do.
        deployed: what clients get.
        now: the time that signatures are made at.
    """
    elsewhere = [deployed.snapshot, deployed.timestamp]
    elsewhere += [main.snapshot(), main.timestamp()] if main else []  # type: ignore[list-item]
    roots = held_roots(content, known, deployed)
    settings = read_settings(content)
    verifier = verifier_for(content)
    return Ground(
        content=content,
        known=known,
        elsewhere=tuple(each for each in elsewhere if isinstance(each, Document)),
        roots=roots,
        witnesses=(*roots, *_earlier_roots(content, known)),
        now=now,
        meta_hashes=settings.online.meta_hashes,
        emergency=_version(content.root()) in settings.review.emergency_roots,
        verifier=verifier,
        believes=EitherVerifier(verifier, verifier_for(known)),
    )


def held_roots(content: State, known: State, deployed: Deployed) -> tuple[Document[Root], ...]:
    """Return the roots under which clients may read what is signed: the oldest first.

    Clients that get the deployed root, and everybody up to the new one, must be able to follow;
    but in a declared emergency the new root goes out first, and the keys before it may be lost.
    """
    current = _version(content.root())
    held = [_version(known.root()), *([deployed.root] if deployed.root else [])]
    if known is content:
        held.append(_imported_root(content, current))
    if current in read_settings(content).review.emergency_roots:
        held = []
    versions = range(min([*held, current]), current + 1)
    roots = (content.historic_root(version) for version in versions)
    return tuple(root for root in roots if isinstance(root, Document))


def _imported_root(content: State, current: int) -> int:
    """Return the root of those who read the timestamp that an import brought along.

    It is the newest under which that one verifies; the current one where none is.
    """
    timestamp = content.timestamp()
    if not isinstance(timestamp, Document):
        return current
    verifier = verifier_for(content)
    for version in sorted({current, *content.historic_roots()}, reverse=True):
        word = delegation_of(ROOT, content.historic_root(version), TIMESTAMP)
        if version <= current and word and tally(timestamp, word, verifier).met:
            return version
    return current


def _earlier_roots(content: State, known: State) -> Iterator[Document[Root]]:
    """Yield roots by whose keys the newest online metadata may be signed, though no more used.

    That is publish's root; on an import nobody knows when the keys changed.
    """
    imported = sorted(content.historic_roots(), reverse=True) if known is content else ()
    for root in (known.root(), *map(content.historic_root, imported)):
        if isinstance(root, Document):
            yield root


def _version(loaded: LoadedRoot) -> int:
    return loaded.signed.version if isinstance(loaded, Document) else 0


def _material(key: Key) -> str:
    return key_material(key) or key.keyid


def _words(roots: Iterable[Document[Root]], role: RoleName) -> tuple[Delegation, ...]:
    """Return what each of the roots says of `role`."""
    found = (delegation_of(ROOT, root, role) for root in roots)
    return tuple(each for each in found if each is not None)
