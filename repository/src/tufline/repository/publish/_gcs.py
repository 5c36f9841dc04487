"""A store in a Google Cloud Storage bucket. Needs the extra `gcs`.

Whoever runs this is known by Application Default Credentials: on GitHub, Workload Identity
Federation. What it must be allowed is in docs/publishing.md. The tag of a file is its generation.
"""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Any, TypeAlias

from tufline.repository.errors import TuflineError
from tufline.repository.publish._cache import CACHE_CONTROL, Cache
from tufline.repository.publish._store import (
    LibraryMissing,
    Listed,
    NoSpace,
    NoSuchObject,
    NotThere,
    ReadOnlyStore,
    StoreChanged,
    StoreFailed,
    Tag,
    safe_name,
)

_Client: TypeAlias = Any  # the library has no types
_Blob: TypeAlias = Any

_FIELDS = "items(name,generation,size,md5Hash,updated),nextPageToken"
_DENIED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


class GcsStore:
    """A `Store` in a bucket, below a prefix ("" or ending with "/").

    The library itself tries again what is safe to try again, as calls with a precondition are, for
    two minutes; then `StoreFailed` says what the service said last.
    """

    def __init__(self, bucket: str, prefix: str = "") -> None:
        self._name = bucket
        self._prefix = prefix
        self._place = f"gs://{bucket}/{prefix}"
        self._made: _Client = None
        self._making = threading.Lock()
        self._bucket_seen = False

    @property
    def workers(self) -> int:
        """Sixteen: most of a call is waiting for the network."""
        return 16

    def put(
        self, name: str, data: bytes, *, media_type: str, cache: Cache, replaces: Tag | None = None
    ) -> None:
        """Store the bytes. Generation 0 means that nothing may be there."""
        with self._failures(name, writes=True):
            blob = self._blob(name)
            blob.cache_control = CACHE_CONTROL[cache]
            blob.upload_from_string(
                data, content_type=media_type, if_generation_match=int(replaces or 0)
            )

    def get(self, name: str) -> bytes:
        """Return the bytes; raise `NoSuchObject` if there are none."""
        return self.read(name)[0]

    def read(self, name: str) -> tuple[bytes, Tag]:
        """Return the bytes, and their generation from the same answer."""
        with self._failures(name):
            blob = self._blob(name)
            # raw: as they were put, whatever the service might unpack on the way
            data: bytes = blob.download_as_bytes(raw_download=True)
            return data, Tag(str(blob.generation))

    def listing(self) -> Iterator[Listed]:
        """Yield what is below the prefix, a thousand names with each request."""
        with self._failures(""):
            blobs = self._client().list_blobs(self._name, prefix=self._prefix, fields=_FIELDS)
            yield from (self._listed(blob) for blob in blobs)

    def delete(self, name: str, tag: Tag) -> None:
        """Delete the file if it still has this generation."""
        with suppress(NoSuchObject), self._failures(name, writes=True):
            self._blob(name).delete(if_generation_match=int(tag))

    def _client(self) -> _Client:
        with self._making:
            if self._made is None:
                self._made = self._new_client()
        return self._made

    def _new_client(self) -> _Client:
        try:
            from google.cloud.storage import Client  # noqa: PLC0415 - slow, and an extra
            from requests.adapters import HTTPAdapter  # noqa: PLC0415 - comes with it
        except ImportError as error:
            raise LibraryMissing(self._place, "gcs") from error
        client = Client()
        # Else ten connections are kept, and those of the other workers made anew for each call.
        connections = HTTPAdapter(pool_maxsize=self.workers)
        client._http.mount("https://", connections)  # noqa: SLF001 - the only way there is
        return client

    def _blob(self, name: str) -> _Blob:
        return self._client().bucket(self._name).blob(f"{self._prefix}{safe_name(name)}")

    def _listed(self, blob: _Blob) -> Listed:
        return Listed(
            name=blob.name.removeprefix(self._prefix),
            size=blob.size,
            modified=blob.updated,
            tag=Tag(str(blob.generation)),
            md5=base64.b64decode(blob.md5_hash).hex() if blob.md5_hash else None,
        )

    @contextmanager
    def _failures(self, name: str, *, writes: bool = False) -> Iterator[None]:
        """Raise the port's errors for those of the library."""
        try:
            yield
        except TuflineError:
            raise
        except Exception as error:
            if not _is_of_library(error):
                raise
            raise self._failure(name, error, writes=writes) from error

    def _failure(self, name: str, error: Exception, *, writes: bool) -> TuflineError:
        code, shown = getattr(error, "code", None), name or self._place
        if code == HTTPStatus.PRECONDITION_FAILED:
            return StoreChanged(shown)
        if code == HTTPStatus.NOT_FOUND:
            return NoSuchObject(name) if name and self._has_bucket() else self._no_bucket()
        if code == HTTPStatus.INSUFFICIENT_STORAGE:
            return NoSpace(shown, str(error))
        if code in _DENIED and writes:
            return ReadOnlyStore(shown, str(error))
        return StoreFailed(shown, str(error))

    def _has_bucket(self) -> bool:
        """Whether the bucket is there: the service says "404" to both. Asked until it was seen."""
        if self._bucket_seen:
            return True
        try:
            # Listing needs no right that publishing does not need; looking at the bucket does.
            with self._failures(""):
                next(iter(self._client().list_blobs(self._name, max_results=1)), None)
        except NotThere:
            return False
        self._bucket_seen = True
        return True

    def _no_bucket(self) -> NotThere:
        return NotThere(self._place, "no such bucket")


def _is_of_library(error: Exception) -> bool:
    """Whether it tells of the service, the credentials or the network; if not it is our fault.

    A name or an address that the library does not take is a `ValueError`.
    """
    from google.api_core.exceptions import GoogleAPIError  # noqa: PLC0415 - slow, and an extra
    from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415 - the same
    from google.cloud.storage.exceptions import (  # noqa: PLC0415 - the same
        DataCorruption,
        InvalidResponse,
    )

    known = (GoogleAPIError, GoogleAuthError, DataCorruption, InvalidResponse, OSError, ValueError)
    return isinstance(error, known)
