"""Bring one file to a store: put it, unless it is there, and never in place of something else."""

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tufline.repository.format import InvalidMetadata
from tufline.repository.publish._check import Overwrite
from tufline.repository.publish._deployed import Deployed, find
from tufline.repository.publish._store import Listed, NoSuchObject, Store, StoreChanged, Tag
from tufline.repository.publish._uploads import Upload, published_bytes

YOUNG: Final = timedelta(hours=12)
"""What was put less long ago is not pruned: that takes a day at least (`ci prune --older-than`)."""

_MOST_TRIES: Final = 5


class Inventory:
    """What a store lists, by name: looked up once, as soon as anybody needs it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looking = threading.Lock()
        self._found: Mapping[str, Listed] | None = None

    def look(self) -> Mapping[str, Listed]:
        """Return what is there, as of the first call."""
        with self._looking:
            if self._found is None:
                self._found = {listed.name: listed for listed in self._store.listing()}
            return self._found

    @property
    def seen(self) -> Mapping[str, Listed]:
        """What was listed; nothing where nobody has looked."""
        return self._found or {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Bringing:
    """What a deployment knows of a store.

    What the deployed state refers to stays where it is. But what else is found there may have been
    left by a state of long ago, and pruning may be about to delete it. So it is put again, where it
    is not young. Then pruning, which deletes exactly what it has listed, leaves it; or it was
    faster, and the file is put as a new one.

    Attributes:
        store: where to.
        seen: what was deployed when we began.
        there: what the store lists.
        old: what was put before that is put again; None: nothing is, since nothing is known of what
            the store holds, and such a store is not pruned.
    """

    store: Store
    seen: Deployed
    there: Inventory
    old: datetime | None = None

    def bring(self, item: tuple[Upload, bytes]) -> bool:
        """Store the bytes of an upload, unless they are there. Return whether they were stored.

        Raises:
            Overwrite: other bytes are there under the name of a versioned file.
            StoreChanged: the timestamp is not the one that we saw, or a file went away meanwhile.
        """
        upload, data = item
        return self._replace(upload, data) if upload.is_timestamp else self._add(upload, data)

    def _add(self, upload: Upload, data: bytes) -> bool:
        listed = self.there.seen.get(upload.name)
        if listed is None and self._put(upload, data):
            return True
        if not upload.is_root and self._may_be_pruned(upload.name):
            return self._put_again(upload, data)
        if listed is None or not _surely_same(listed, data):
            self._compare(upload, data)
        return False

    def _may_be_pruned(self, name: str) -> bool:
        if self.old is None:
            return False
        listed = self.there.look().get(name)
        return listed is None or listed.modified < self.old

    def _put_again(self, upload: Upload, data: bytes) -> bool:
        """Put what is there in its own place, or the new bytes if it has gone."""
        for _ in range(_MOST_TRIES):
            try:
                there, tag = self.store.read(upload.name)
            except NoSuchObject:
                if self._put(upload, data):
                    return True
                continue
            if not is_published(upload, there, data):
                raise Overwrite(upload.name)
            if self._put(upload, there, replaces=tag):
                return False
        raise StoreChanged(upload.name)

    def _compare(self, upload: Upload, data: bytes) -> None:
        there = find(self.store, upload.name)
        if there is None:
            raise StoreChanged(upload.name)
        if not is_published(upload, there, data):
            raise Overwrite(upload.name)

    def _replace(self, upload: Upload, data: bytes) -> bool:
        """Put the timestamp in place of the one that we saw."""
        there = self.seen.timestamp_data
        if there is not None and is_published(upload, there, data):
            return False
        placed = self._put(upload, data, replaces=self.seen.timestamp_tag)
        if not placed and find(self.store, upload.name) != data:
            raise StoreChanged(upload.name)
        return True

    def _put(self, upload: Upload, data: bytes, *, replaces: Tag | None = None) -> bool:
        """Put the file; return False where something is there that was not seen.

        Then it may be our own: the store's library tries again when an answer was lost.
        """
        try:
            self.store.put(
                upload.name,
                data,
                media_type=upload.media_type,
                cache=upload.cache,
                replaces=replaces,
            )
        except StoreChanged:
            return False
        return True


def is_published(upload: Upload, there: bytes, data: bytes) -> bool:
    """Whether `there` serves clients as well as `data` does."""
    if there == data:
        return True
    # A repository that moved over may be deployed with its empty signatures; they stay.
    try:
        return not upload.is_artifact and published_bytes(there) == data
    except InvalidMetadata:
        return False


def _surely_same(listed: Listed, data: bytes) -> bool:
    """Whether the listing alone says so. Some stores list as MD5 what is none (encrypted ETags)."""
    if listed.size != len(data) or listed.md5 is None:
        return False
    return listed.md5 == hashlib.md5(data, usedforsecurity=False).hexdigest()
