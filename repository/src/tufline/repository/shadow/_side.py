"""One of the two states whose shadows are made: as it is, and as it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from tufline.repository.edit import Issue
from tufline.repository.format import SNAPSHOT, Document, RoleName
from tufline.repository.publish import Layout
from tufline.repository.shadow._chain import make_chain, read_chain, words_of
from tufline.repository.shadow._content import Content, make_content, read_content
from tufline.repository.shadow._errors import CannotShadow
from tufline.repository.shadow._files import PublishedFiles
from tufline.repository.shadow._made import Made, Source
from tufline.repository.shadow._online import Last, Online, last_of, make_online
from tufline.repository.shadow._trust import Signers
from tufline.repository.shadow._twins import Twins
from tufline.repository.state import State


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """A state as it is. What it lacks for a shadow was said when it was read.

    Attributes:
        roots: the root files from the oldest that clients may hold, by version.
        words: what each of them says of whom it trusts, by the id of the file.
        content: the targets-type roles.
    """

    state: State
    roots: Mapping[int, Source]
    words: Mapping[str, Signers]
    content: Content

    @property
    def newest(self) -> int:
        """The version of the newest root."""
        return max(self.roots)

    def words_since(self, version: int) -> tuple[Signers, ...]:
        """Return whom clients trust that hold this root, on their way to the newest."""
        since = (source for at, source in self.roots.items() if at >= version)
        return tuple(self.words[source.entry.id] for source in since)

    def issue(self, now: datetime, *, meta_hashes: bool | None = None) -> Issue:
        """Return what new online metadata follows from."""
        root = self.state.historic_root(self.newest)
        if not isinstance(root, Document):
            raise CannotShadow(f"{self.roots[self.newest].entry.path} cannot be read")
        return Issue(root=root.signed, now=now, meta_hashes=meta_hashes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finished:
    """The shadow of a state: the root chain, the targets-type roles, snapshot and timestamp."""

    state: State
    chain: Mapping[int, Made]
    content: Mapping[RoleName, Made]
    online: Online

    def files(self, layout: Layout, lock: Lock) -> PublishedFiles:
        """Return what is published, by name. `lock` is held while git is read."""
        roles = self.content.items()
        metadata = {layout.root(version): made.data for version, made in self.chain.items()}
        metadata |= {layout.metadata(role, made.version): made.data for role, made in roles}
        snapshot = layout.metadata(SNAPSHOT, self.online.snapshot.version)
        metadata[snapshot] = self.online.snapshot_data
        metadata[layout.timestamp] = self.online.timestamp_data
        listings = (made.artifacts for made in self.content.values())
        return PublishedFiles(metadata, listings, layout, self.state, lock)


def read_side(state: State, layout: Layout, twins: Twins, *, like: Side | None = None) -> Side:
    """Return what a state says, and who signs it; raise `CannotShadow`.

    What is as in `like`, another state of the repository, is held once.
    """
    roots = read_chain(state, layout.oldest_root)
    words = words_of(roots.values(), twins)
    newest = words[roots[max(roots)].entry.id]
    content = read_content(state, newest, twins, like=like.content if like else None)
    return Side(state=state, roots=roots, words=words, content=content)


def finish_published(side: Side, coming: Side, twins: Twins, *, now: datetime) -> Finished:
    """Return the shadow of what is published; its online metadata is renewed, lest it be expired.

    Signed is what is signed in truth, by whoever may in either state.
    """
    chain = make_chain(side.roots, {}, twins, everybody=False)
    content = make_content(side.content, coming.content, {}, twins, everybody=False)
    words = side.words_since(side.newest)
    last = last_of(side.state, content)
    online = make_online(last, content, words, side.issue(now), only_renew=True)
    return Finished(state=side.state, chain=chain, content=content, online=online)


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """How the next snapshot and timestamp are made.

    Attributes:
        now: the time that they are made at.
        emergency: whether the newest root is declared one: then the online keys of earlier roots
            sign nothing any more.
        meta_hashes: whether their entries state length and hashes; None: as the last ones do.
    """

    now: datetime
    emergency: bool = False
    meta_hashes: bool | None = None


def finish_proposed(
    side: Side, known: tuple[Side, Finished] | None, twins: Twins, terms: Terms
) -> Finished:
    """Return the shadow of what would be published; everybody who may has signed what is new."""
    if known is None:
        chain = make_chain(side.roots, {}, twins, everybody=True)
        content = make_content(side.content, None, {}, twins, everybody=True)
        last, held = last_of(side.state, content), side.newest
    else:
        before, done = known
        chain = make_chain(side.roots, done.chain, twins, everybody=True)
        content = make_content(side.content, before.content, done.content, twins, everybody=True)
        last = Last(snapshot=done.online.snapshot, timestamp=done.online.timestamp)
        held = side.newest if terms.emergency else min(before.newest, side.newest)
    issue = side.issue(terms.now, meta_hashes=terms.meta_hashes)
    online = make_online(last, content, side.words_since(held), issue)
    return Finished(state=side.state, chain=chain, content=content, online=online)
