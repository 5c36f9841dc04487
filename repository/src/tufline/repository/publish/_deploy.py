"""Bring a store to a state: decide, then act. Safe to kill anywhere and to run again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, TypeAlias

from tufline.repository.format import InvalidMetadata
from tufline.repository.publish._bring import YOUNG, Bringing, Inventory
from tufline.repository.publish._check import check_deployed, check_transition
from tufline.repository.publish._deployed import Deployed, deployed_with, find, observed
from tufline.repository.publish._layout import Layout
from tufline.repository.publish._pages import NO_PAGES, check_names, put_page, tags_of
from tufline.repository.publish._parallel import in_parallel
from tufline.repository.publish._publishable import NotPublishable
from tufline.repository.publish._store import Store, StoreChanged
from tufline.repository.publish._transition import phases, transition
from tufline.repository.publish._uploads import Upload, published_bytes, with_bytes
from tufline.repository.review import KeyVerifier
from tufline.repository.state import State

Progress: TypeAlias = Callable[[int, int], None]
"""Is told how many files are dealt with, and of how many, from the thread that deploys."""

_LATEST: Final = datetime.max.replace(tzinfo=UTC)
_WORTH_A_LISTING = 1000
"""Names that a store lists with one request: with more to upload, listing first costs little."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """What a deployment did: files written, and files that were there and left as they are.

    `pages` are the generated files written beside them, which clients never read.
    """

    written: int
    unchanged: int
    pages: int = 0


def deploy(  # noqa: PLR0913 - what to publish, where, and four ways to do so
    store: Store,
    before: State | None,
    after: State,
    *,
    layout: Layout,
    emergency: bool = False,
    verifier: KeyVerifier | None = None,
    pages: Mapping[str, bytes] = NO_PAGES,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> Deployment:
    """Bring `store` to `after`. Where it is there already, nothing is written.

    Args:
        store: where to publish. What it holds is observed anew each time.
        before: the state whose timestamp the store holds, found in git's history. Then files that
            did not change since are not even looked at, because a timestamp is uploaded after all
            it leads to. If it is None, or not what the store holds, the store is listed, and every
            file compared: by size and MD5 where the listing has them, else by reading it.
        after: the state to publish, reviewed.
        layout: where files lie in the store.
        emergency: whether clients may have to stop until they have the newest root.
        verifier: verifies signatures; by default by the keys in the metadata alone.
        pages: generated files to publish beside the repository, by name, after everything else.
        progress: is told how far it is.
        now: the time, by which files that are there are young or not (see `Bringing`); by default
            none is young.

    Raises:
        Refusal: what `check_transition` refuses, against what is deployed; `ReservedName`; or
            `Overwrite`, where a versioned file is there with other bytes.
        StoreChanged: the timestamp changed while we published. What clients get is what somebody
            else published, as a whole: nobody reads what we put beside it.
        StoreFailed: the store failed. Running again continues.
    """
    check_names(pages, layout)
    seen = observed(store, layout)
    known = _known(seen, before, after)
    check_deployed(_reachable(seen, known), after, emergency=emergency, verifier=verifier)
    if known:
        check_transition(known, after, emergency=emergency, verifier=verifier)
    deployed_root = seen.root or 0 if known else seen.root
    uploads = transition(
        known, after, layout=layout, emergency=emergency, deployed_root=deployed_root
    )
    there = Inventory(store)
    if known is None or len(uploads) > _WORTH_A_LISTING:
        there.look()
    old = (now or _LATEST) - YOUNG if known else None
    bringing = Bringing(store=store, seen=seen, there=there, old=old)
    done = _count(_upload(bringing, after, uploads), len(uploads), progress or _say_nothing)
    put = _publish_pages(store, pages, layout.timestamp, deployed_with(after))
    return replace(done, pages=sum(put))


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


def _upload(bringing: Bringing, after: State, uploads: Iterable[Upload]) -> Iterator[bool]:
    """Upload one phase after the other. Yield for each file whether it was written."""
    for phase in phases(uploads):
        workers = min(bringing.store.workers, len(phase))
        yield from in_parallel(bringing.bring, with_bytes(after, phase), workers=workers)


def _publish_pages(
    store: Store, pages: Mapping[str, bytes], timestamp: str, published: Deployed
) -> Iterator[bool]:
    """Publish what was made of the state, as long as nobody has published a later one.

    What the pages replace is looked at before the timestamp is: so if a later publisher's are
    there already, its timestamp is, too; and if they come after that look, ours do not replace
    them.
    """
    tags = tags_of(store, pages)
    if tags and not _is_timestamp(find(store, timestamp), published):
        raise StoreChanged(timestamp)
    for name, data in pages.items():
        if name in tags:
            put_page(store, name, data, tags[name])
        yield name in tags


def _is_timestamp(there: bytes | None, published: Deployed) -> bool:
    try:
        return there is not None and published_bytes(there) == published.timestamp_data
    except InvalidMetadata:
        return False


def _count(steps: Iterable[bool], total: int, progress: Progress) -> Deployment:
    """Take all the steps, and tell of each."""
    written = unchanged = 0
    progress(0, total)
    for wrote in steps:
        written += wrote
        unchanged += not wrote
        progress(written + unchanged, total)
    return Deployment(written=written, unchanged=unchanged)


def _say_nothing(_done: int, _total: int) -> None:
    """Tell nobody."""
