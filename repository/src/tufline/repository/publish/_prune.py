"""Delete what no client can need any more: decide, then act, and only when asked to.

A file may go if all of this holds: its name is one that publishing makes, other than a root's; no
state that is kept refers to it; and it is older than the age. So a page, or whatever else somebody
has put into the bucket, stays.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from tufline.repository.errors import Refusal
from tufline.repository.format import InvalidMetadata
from tufline.repository.publish._deployed import find
from tufline.repository.publish._layout import ARTIFACTS, Layout
from tufline.repository.publish._references import References
from tufline.repository.publish._store import Listed, Store, StoreChanged
from tufline.repository.publish._uploads import published_bytes
from tufline.repository.state import State

_METADATA: Final = re.compile(r"[0-9]+\.(?!root\.json).+\.json")
_ARTIFACT: Final = re.compile(r"[0-9a-f]{32,}\..+")
_LEFT_BY_A_KILL: Final = re.compile(r"\.[0-9a-f]{16}\.tmp")


class UnknownDeployment(Refusal):
    """The store holds something that was not published from the states that are kept."""

    hint = "run `tufline ci publish` first, and prune the store that it publishes to"

    def __init__(self, timestamp: str) -> None:
        super().__init__(f"{timestamp} in the store is of no state that is kept")


def prune(
    store: Store,
    *,
    keep: Iterable[State],
    layout: Layout,
    older_than: timedelta,
    now: datetime,
    dry_run: bool = True,
) -> tuple[str, ...]:
    """Delete what nobody needs any more; return its names, sorted.

    Somebody may publish meanwhile. Who finds a file there that the deployed state does not refer
    to, and that is old enough to go, puts it again before relying on it (`Bringing`); and what was
    put again since it was listed is not deleted.

    Args:
        store: where from.
        keep: every state that clients may still be at, the newest included.
        layout: where files lie in the store.
        older_than: files younger than this stay, whoever put them.
        now: the time.
        dry_run: whether nothing is deleted.

    Raises:
        UnknownDeployment: what is deployed is none of the states. Nothing was deleted.
        NotPublishable: one of the states cannot be read. Nothing was deleted.
        StoreChanged: somebody published while we deleted; what they need was left.
    """
    references = References(layout)
    for state in keep:
        references.add(state)
    deployed = find(store, layout.timestamp)
    _expect_known(deployed, references, layout)
    old = now - older_than
    doomed = {
        listed.name: listed for listed in prunable(store.listing(), references.names, layout, old)
    }
    gone = doomed if dry_run else [name for name in doomed if _delete(store, doomed[name])]
    if not dry_run and find(store, layout.timestamp) != deployed:
        raise StoreChanged(layout.timestamp)
    return tuple(sorted(gone))


def prunable(
    there: Iterable[Listed], needed: set[str], layout: Layout, old: datetime
) -> Iterator[Listed]:
    """Yield what is not needed, was put before `old`, and is of our making. Pure."""
    for listed in there:
        if listed.name not in needed and listed.modified < old and _is_ours(listed.name, layout):
            yield listed


def _is_ours(name: str, layout: Layout) -> bool:
    folder, _, last = name.rpartition("/")
    if _LEFT_BY_A_KILL.fullmatch(last):
        return True
    if folder == ("" if layout.metadata_dir == "." else layout.metadata_dir):
        return _METADATA.fullmatch(last) is not None
    in_artifacts = folder == ARTIFACTS or folder.startswith(f"{ARTIFACTS}/")
    return in_artifacts and _ARTIFACT.fullmatch(last) is not None


def _expect_known(deployed: bytes | None, references: References, layout: Layout) -> None:
    with suppress(InvalidMetadata):
        if deployed is not None and published_bytes(deployed) in references.timestamps:
            return
    raise UnknownDeployment(layout.timestamp)


def _delete(store: Store, listed: Listed) -> bool:
    """Delete a file as it was listed; return whether it is gone. One that was put again is not."""
    try:
        store.delete(listed.name, listed.tag)
    except StoreChanged:
        return False
    return True
