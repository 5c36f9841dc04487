"""A store in a bucket of Amazon S3, or of a service that speaks its protocol. Needs the extra `s3`.

Whoever runs this is known by what boto3 finds: on GitHub, a role assumed through OpenID Connect.
What it must be allowed is in docs/publishing.md. The tag of a file is its ETag, which the same
bytes have again, and when it was put, to the second. The service must honour If-None-Match and
If-Match when it stores: Amazon's does, some others do not.
"""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client
    from types_boto3_s3.type_defs import ObjectTypeDef

_MD5 = re.compile(r'"([0-9a-f]{32})"')
_CHANGED = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
_NO_BUCKET = {"NoSuchBucket"}
_NO_OBJECT = {"NoSuchKey", "404"}
_DENIED = {"AccessDenied", "AllAccessDisabled", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
_DENIED |= {"ExpiredToken", "401", "403"}
_FULL = {"QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "507"}


class S3Store:
    """A `Store` in a bucket, below a prefix ("" or ending with "/").

    The library itself tries again what failed on the way, five times; then `StoreFailed` says what
    the service said last.
    """

    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        *,
        region: str | None = None,
        endpoint: str | None = None,
    ) -> None:
        self._bucket = bucket
        self._prefix = prefix
        self._region = region
        self._endpoint = endpoint
        self._place = f"s3://{bucket}/{prefix}"
        self._made: S3Client | None = None
        self._making = threading.Lock()

    @property
    def workers(self) -> int:
        """Sixteen: most of a call is waiting for the network."""
        return 16

    def put(
        self, name: str, data: bytes, *, media_type: str, cache: Cache, replaces: Tag | None = None
    ) -> None:
        """Store the bytes."""
        condition: Any = {"IfNoneMatch": "*"} if replaces is None else {"IfMatch": _etag(replaces)}
        try:
            with self._failures(name, writes=True):
                self._client().put_object(
                    Bucket=self._bucket,
                    Key=self._key(name),
                    Body=data,
                    ContentType=media_type,
                    CacheControl=CACHE_CONTROL[cache],
                    **condition,
                )
        except NoSuchObject as error:  # the answer where what it should replace is gone
            raise StoreChanged(name) from error

    def get(self, name: str) -> bytes:
        """Return the bytes; raise `NoSuchObject` if there are none."""
        return self.read(name)[0]

    def read(self, name: str) -> tuple[bytes, Tag]:
        """Return the bytes, and their ETag from the same answer."""
        with self._failures(name):
            answer = self._client().get_object(Bucket=self._bucket, Key=self._key(name))
            return answer["Body"].read(), _tag(name, answer)

    def listing(self) -> Iterator[Listed]:
        """Yield what is below the prefix, a thousand names with each request."""
        with self._failures(""):
            pages = self._client().get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                yield from (self._listed(entry) for entry in page.get("Contents", ()))

    def delete(self, name: str, tag: Tag) -> None:
        """Delete the file if it still has this ETag, and was just now still put then."""
        key = self._key(name)
        try:
            with suppress(NoSuchObject), self._failures(name, writes=True):
                self._expect(name, tag)
                self._client().delete_object(Bucket=self._bucket, Key=key, IfMatch=_etag(tag))
        except StoreChanged:
            # Some services answer so as well where nothing is there.
            with suppress(NoSuchObject):
                self.read(name)
                raise

    def _expect(self, name: str, tag: Tag) -> None:
        try:
            with self._failures(name):
                there = self._client().head_object(Bucket=self._bucket, Key=self._key(name))
        except NoSuchObject:
            # the answer is the same where the bucket is missing; this one's is not
            self._client().list_objects_v2(Bucket=self._bucket, Prefix=self._prefix, MaxKeys=1)
            raise
        if _tag(name, there) != tag:
            raise StoreChanged(name)

    def _key(self, name: str) -> str:
        return f"{self._prefix}{safe_name(name)}"

    def _client(self) -> "S3Client":
        with self._making:
            if self._made is None:
                self._made = self._new_client()
        return self._made

    def _new_client(self) -> "S3Client":
        try:
            from boto3.session import Session  # noqa: PLC0415 - slow, and an extra
            from botocore.config import Config  # noqa: PLC0415 - the same
        except ImportError as error:
            raise LibraryMissing(self._place, "s3") from error
        config = Config(
            max_pool_connections=self.workers,
            retries={"mode": "standard", "max_attempts": 5},
            connect_timeout=10,
        )
        if self._endpoint:
            # What services other than Amazon's understand: no bucket in the host's name, and no
            # checksum of a newer kind than they know.
            config = config.merge(
                Config(
                    s3={"addressing_style": "path"}, request_checksum_calculation="when_required"
                )
            )
        session = Session(region_name=self._region)
        return session.client("s3", endpoint_url=self._endpoint, config=config)

    def _listed(self, entry: "ObjectTypeDef") -> Listed:
        name = entry["Key"].removeprefix(self._prefix)
        tag = _tag(name, entry)
        digest = _MD5.fullmatch(_etag(tag))
        return Listed(
            name=name,
            size=entry["Size"],
            modified=entry["LastModified"],
            tag=tag,
            md5=digest[1] if digest else None,
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
        shown, reason = name or self._place, str(error)
        answer = getattr(error, "response", None) or {}
        code = answer.get("Error", {}).get("Code", "")
        if code in _CHANGED:
            return StoreChanged(shown)
        if code in _NO_BUCKET:
            return NotThere(self._place, "no such bucket")
        if code in _NO_OBJECT and name:
            return NoSuchObject(name)
        if code in _FULL:
            return NoSpace(shown, reason)
        if code in _DENIED and writes:
            return ReadOnlyStore(shown, reason)
        return StoreFailed(shown, reason)


def _is_of_library(error: Exception) -> bool:
    """Whether it tells of the service, the credentials or the network; if not it is our fault.

    A name or an address that the library does not take is a `ValueError`.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - an extra

    return isinstance(error, BotoCoreError | ClientError | OSError | ValueError)


def _tag(name: str, answer: Mapping[str, Any]) -> Tag:
    """Return the ETag; without one nothing could be replaced safely."""
    if "ETag" not in answer:
        raise StoreFailed(name, "the service gives no ETag of it")
    return Tag(f"{answer['ETag']} {answer['LastModified'].astimezone(UTC):%Y-%m-%dT%H:%M:%S}")


def _etag(tag: Tag) -> str:
    return tag.rpartition(" ")[0]
