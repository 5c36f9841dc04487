"""How long published files may be kept by clients, proxies and CDNs: the values, in one place.

A store sends the header of each file that it has. What it does not have it cannot mark: that the
answer "404" for the next root must not be kept is up to the web server or the CDN, which should
send "no-store". Else clients would learn of a new root only once that answer had gone stale.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Cache(StrEnum):
    """How long a web server may tell clients and proxies to keep a file."""

    IMMUTABLE = "immutable"
    """Its name holds a version or a hash: the bytes under it never change."""

    REVALIDATE = "revalidate"
    """Its bytes change under the same name: always ask again."""

    SHORT = "short"
    """A page for people, which may be a little behind."""


CACHE_CONTROL: Final[Mapping[Cache, str]] = MappingProxyType(
    {
        Cache.IMMUTABLE: "public, max-age=31536000, immutable",
        Cache.REVALIDATE: "no-cache, max-age=0",
        Cache.SHORT: "public, max-age=60",
    }
)
"""The header `Cache-Control` of each kind (RFC 9111, RFC 8246)."""
