"""How much must be tried before something is published, and what keeps clients fresh meanwhile.

Most publications only renew the timestamp. For those review and one TUF client are enough: clients
of all kinds have taken the content already, and their tests must not make the timestamp late. New
content goes to all the clients first. While one of them refuses it, clients keep the content that
they have, and the newest timestamp over that.

The publish branch is a line of states whose timestamps' versions only grow. A state in that line
which holds the content that clients have, under a newer timestamp, is what keeps them fresh.
"""

from collections.abc import Iterable
from enum import StrEnum

from tuf.api.metadata import Timestamp

from tufline.repository.format import Document
from tufline.repository.history import Commit
from tufline.repository.publish import Layout
from tufline.repository.state import State, Unreadable


class Lane(StrEnum):
    """What a publication changes for clients."""

    NOTHING = "nothing"
    TIMESTAMP = "timestamp"
    CONTENT = "content"


def lane_between(before: State | None, after: State) -> Lane:
    """Return what changes for clients that have `before`; None is something that is not known."""
    if before is None or not _same_content(before, after):
        return Lane.CONTENT
    same = _data(before.timestamp()) == _data(after.timestamp())
    return Lane.NOTHING if same else Lane.TIMESTAMP


def renewal_of(held: State, line: Iterable[tuple[Commit, State]]) -> Commit | None:
    """Return the newest commit that keeps clients fresh which hold `held`; None if there is none.

    `line` are the states of the publish branch, newest first. It is read until `held`'s own.
    """
    least = timestamp_version(held)
    for commit, state in line:
        version = timestamp_version(state)
        if least is None or version is None or version <= least:
            return None
        if lane_between(held, state) is Lane.TIMESTAMP:
            return commit
    return None


def timestamp_version(state: State) -> int | None:
    """Return the version of the timestamp; None where it cannot be read."""
    timestamp = state.timestamp()
    return timestamp.signed.version if isinstance(timestamp, Document) else None


def changed_names(layout: Layout, root_held: int, root_now: int) -> tuple[str, ...]:
    """Return what caches may hold that is over, of clients that got to root `root_held`.

    The timestamp changes under its name. That a new root is not there may have been kept, for
    clients ask for the next one each time.
    """
    roots = range(max(root_held + 1, layout.oldest_root), root_now + 1)
    return (layout.timestamp, *map(layout.root, roots))


def _same_content(before: State, after: State) -> bool:
    old, new = before.snapshot(), after.snapshot()
    roots = before.root(), after.root()
    return (
        isinstance(old, Document)
        and isinstance(new, Document)
        and old.signed.meta == new.signed.meta
        and isinstance(roots[0], Document)
        and isinstance(roots[1], Document)
        and roots[0].data == roots[1].data
    )


def _data(loaded: Document[Timestamp] | Unreadable | None) -> bytes | None:
    return loaded.data if isinstance(loaded, Document) else None
