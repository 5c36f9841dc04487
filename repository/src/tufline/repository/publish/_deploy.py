"""Bring a store to a state: decide, then act. Safe to kill anywhere and to run again."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from tufline.repository.errors import Race
from tufline.repository.format import InvalidMetadata
from tufline.repository.publish._check import Overwrite, check_deployed, check_transition
from tufline.repository.publish._deployed import Deployed, deployed_with, find, observed
from tufline.repository.publish._layout import Layout
from tufline.repository.publish._publishable import NotPublishable
from tufline.repository.publish._store import Cache, Store
from tufline.repository.publish._transition import transition
from tufline.repository.publish._uploads import Upload, published_bytes, with_bytes
from tufline.repository.review import KeyVerifier
from tufline.repository.state import State


class StoreChanged(Race):
    """Somebody else published to the store while we did."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} was published by somebody else meanwhile")
        self.name = name


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """What a deployment did: files written, and files compared and left as they are."""

    written: int
    unchanged: int


def deploy(
    store: Store,
    before: State | None,
    after: State,
    *,
    layout: Layout,
    emergency: bool = False,
    verifier: KeyVerifier | None = None,
) -> Deployment:
    """Bring `store` to `after`. Where it is there already, nothing is written.

    Args:
        store: where to publish. What it holds is observed anew each time.
        before: the state whose timestamp the store holds, found in git's history. Then files that
            did not change since are not even looked at, because a timestamp is uploaded after all
            it leads to. If it is None, or not what the store holds, every file is compared.
        after: the state to publish, reviewed.
        layout: where files lie in the store.
        emergency: whether clients may have to stop until they have the newest root.
        verifier: verifies signatures; by default by the keys in the metadata alone.

    Raises:
        Refusal: what `check_transition` refuses, against what is deployed; or `Overwrite`, where a
            versioned file is there with other bytes.
        StoreChanged: the timestamp changed while we published.
        StoreFailed: the store failed. Running again continues.
    """
    seen = observed(store, layout)
    known = _known(seen, before, after)
    check_deployed(_reachable(seen, known), after, emergency=emergency, verifier=verifier)
    if known:
        check_transition(known, after, emergency=emergency, verifier=verifier)
    deployed_root = seen.root or 0 if known else seen.root
    uploads = transition(
        known, after, layout=layout, emergency=emergency, deployed_root=deployed_root
    )
    return _upload(store, after, uploads, seen)


def _known(seen: Deployed, before: State | None, after: State) -> State | None:
    """Return the state that the store holds completely, but for new roots."""
    for state in (before, after) if before else ():
        # Somebody may have pushed `before` to git; what does not fit together was not published.
        with suppress(NotPublishable):
            if deployed_with(state).timestamp_data == seen.timestamp_data:
                return state
    return None


def _reachable(seen: Deployed, known: State | None) -> Deployed:
    """Count roots that the last deployment did not get to: they go out before the timestamp."""
    root = deployed_with(known).root if known else None
    return replace(seen, root=max(seen.root or 0, root)) if root else seen


def _upload(store: Store, after: State, uploads: Iterable[Upload], seen: Deployed) -> Deployment:
    written = unchanged = 0
    for upload, data in with_bytes(after, uploads):
        there = find(store, upload.name)
        if _is_published(upload, there, data):
            unchanged += 1
            continue
        _expect_ours(upload, there, seen)
        store.put(upload.name, data, media_type=upload.media_type, cache=upload.cache)
        written += 1
    return Deployment(written=written, unchanged=unchanged)


def _is_published(upload: Upload, there: bytes | None, data: bytes) -> bool:
    """Whether clients get this file already."""
    if there is None or there == data:
        return there == data
    # A repository that moved over may be deployed with its empty signatures; they stay.
    try:
        return not upload.is_artifact and published_bytes(there) == data
    except InvalidMetadata:
        return False


def _expect_ours(upload: Upload, there: bytes | None, seen: Deployed) -> None:
    """Make sure that what a put replaces is what we saw: nothing, or the last timestamp."""
    if there is None:
        return
    if upload.cache is Cache.IMMUTABLE:
        raise Overwrite(upload.name)
    if there != seen.timestamp_data:
        raise StoreChanged(upload.name)
