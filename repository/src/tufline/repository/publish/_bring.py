"""Bring one file to a store: put it, unless it is there, and never in place of something else."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from tufline.repository.format import InvalidMetadata
from tufline.repository.publish._check import Overwrite
from tufline.repository.publish._deployed import Deployed, find
from tufline.repository.publish._store import Listed, Store, StoreChanged
from tufline.repository.publish._uploads import Upload, published_bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Bringing:
    """What a deployment knows of a store.

    Attributes:
        store: where to.
        seen: what was deployed when we began.
        there: what was listed, by name; empty where nobody looked.
    """

    store: Store
    seen: Deployed
    there: Mapping[str, Listed]

    def bring(self, item: tuple[Upload, bytes]) -> bool:
        """Store the bytes of an upload, unless they are there. Return whether they were stored.

        Raises:
            Overwrite: other bytes are there under the name of a versioned file.
            StoreChanged: the timestamp is not the one that we saw, or a file went away meanwhile.
        """
        upload, data = item
        return self._replace(upload, data) if upload.is_timestamp else self._add(upload, data)

    def _add(self, upload: Upload, data: bytes) -> bool:
        listed = self.there.get(upload.name)
        if listed is None and self._put(upload, data):
            return True
        if listed is None or not _surely_same(listed, data):
            self._compare(upload, data)
        return False

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
        if not self._put(upload, data) and find(self.store, upload.name) != data:
            raise StoreChanged(upload.name)
        return True

    def _put(self, upload: Upload, data: bytes) -> bool:
        """Put the file; return False where something is there that was not seen.

        Then it may be our own: the store's library tries again when an answer was lost.
        """
        replaces = self.seen.timestamp_tag if upload.is_timestamp else None
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
