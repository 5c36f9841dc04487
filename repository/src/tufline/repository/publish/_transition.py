"""What to upload to go from one published state to the next, and in which order.

The order is what keeps clients working: wherever the uploads stop, a client that holds any
supported root can refresh.

1. artifacts, delegated roles, targets, snapshot: no client asks for them before the timestamp;
2. on a first publication, the roots: no client works yet, and all do once the timestamp is there;
3. the timestamp;
4. new roots, ascending. Snapshot and timestamp are signed for the old root and the new, and targets
   verifies under both (`check_transition`), so clients follow with either. A new root before the
   timestamp would stop them: the timestamp deployed until then need not verify under it.

What lies between roots and timestamp may be uploaded in any order, several at a time (`phases`): of
the content nobody knows before the timestamp is there.

In a declared emergency targets does not verify under the old root, so in any order clients have to
stop for a while; new roots go first, so that what they revoke stops counting at once.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from tufline.repository.format import SNAPSHOT, TIMESTAMP, RoleName, metadata_path
from tufline.repository.publish._content import content
from tufline.repository.publish._layout import Layout
from tufline.repository.publish._publishable import plain_file, publishable
from tufline.repository.publish._uploads import Upload
from tufline.repository.state import State, same


def transition(
    before: State | None,
    after: State,
    *,
    layout: Layout,
    emergency: bool = False,
    deployed_root: int | None = None,
) -> tuple[Upload, ...]:
    """Return what to upload so that clients that got `before` get `after`, in order.

    Cost follows the change: roles and artifacts that are the same in `before` are not read.

    Args:
        before: the state that is deployed completely, but for roots above `deployed_root`; None
            if nothing is known.
        after: the state to publish: a tree of the publish branch.
        layout: where files lie in the store.
        emergency: whether the new roots go first.
        deployed_root: the newest root that clients can get now; by default that of `before`.

    Raises:
        NotPublishable: a file of `after` is missing or does not fit the others.
    """
    top = publishable(after)
    held, new = _roots(before, after, layout, deployed_root)
    return (
        *(new if emergency else ()),
        *content(before, after, top.snapshot, layout),
        *_online(before, after, SNAPSHOT, layout.metadata(SNAPSHOT, top.snapshot.signed.version)),
        *held,
        *_online(before, after, TIMESTAMP, layout.timestamp),
        *(() if emergency else new),
    )


def phases(uploads: Iterable[Upload]) -> Iterator[tuple[Upload, ...]]:
    """Yield what may be uploaded at once: each phase begins when all before it is there."""
    for alone, phase in groupby(uploads, key=lambda upload: upload.is_root or upload.is_timestamp):
        if alone:
            yield from ((upload,) for upload in phase)
        else:
            yield tuple(phase)


def _roots(
    before: State | None, after: State, layout: Layout, deployed_root: int | None
) -> tuple[tuple[Upload, ...], tuple[Upload, ...]]:
    """Return the missing roots that the deployed metadata goes with already, and the new ones."""
    known = before.historic_roots() if before else {}
    held = publishable(before).root_version if before else deployed_root
    deployed = held if deployed_root is None else deployed_root
    missing = {
        version: Upload(name=layout.root(version), source=plain_file(after, entry.path))
        for version, entry in sorted(after.historic_roots().items())
        if version >= layout.oldest_root
        if version > (deployed or 0) or not same(known.get(version), entry)
    }
    newest_held = max(missing, default=0) if held is None else held
    return (
        tuple(upload for version, upload in missing.items() if version <= newest_held),
        tuple(upload for version, upload in missing.items() if version > newest_held),
    )


def _online(before: State | None, after: State, role: RoleName, name: str) -> tuple[Upload, ...]:
    """Return the upload of snapshot or timestamp, none if `before` has the very file."""
    source = plain_file(after, metadata_path(role))
    if before and same(before.files.find(source.path), source):
        return ()
    return (Upload(name=name, source=source),)
