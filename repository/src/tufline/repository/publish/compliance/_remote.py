"""Where a client under test finds the repository: over the network, or in this process."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import FetcherInterface

from tufline.repository.publish._deployed import find
from tufline.repository.publish._layout import ARTIFACTS, Layout
from tufline.repository.publish._store import Store

_NOT_FOUND: Final = 404
_IN_PROCESS: Final = "https://published.invalid"


@dataclass(frozen=True, kw_only=True, slots=True)
class Remote:
    """A published repository as clients reach it.

    Attributes:
        metadata_url: the client's metadata base URL; ends with "/".
        artifacts_url: the client's target base URL; ends with "/".
        fetcher: how to download; None: over the network, as python-tuf does by itself.
    """

    metadata_url: str
    artifacts_url: str
    fetcher: FetcherInterface | None = None


class ObjectFetcher(FetcherInterface):
    """Downloads from published files in this process, and decodes names as web servers do."""

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        self._read = read

    def _fetch(self, url: str) -> Iterator[bytes]:
        data = self._read(unquote(urlsplit(url).path).removeprefix("/"))
        if data is None:
            raise DownloadHTTPError(f"{url} is not there", _NOT_FOUND)
        return iter((data,))


def web_remote(base_url: str, layout: Layout, fetcher: FetcherInterface | None = None) -> Remote:
    """Return a remote over the network; the names of `layout` are below `base_url`."""
    base, folder = base_url.rstrip("/"), layout.metadata_dir
    return Remote(
        metadata_url=f"{base}/" if folder == "." else f"{base}/{folder}/",
        artifacts_url=f"{base}/{ARTIFACTS}/",
        fetcher=fetcher,
    )


def read_remote(read: Callable[[str], bytes | None], layout: Layout) -> Remote:
    """Return a remote that serves what `read` returns, by name; None is a file that is missing."""
    return web_remote(_IN_PROCESS, layout, ObjectFetcher(read))


def mapping_remote(files: Mapping[str, bytes], layout: Layout) -> Remote:
    """Return a remote that serves `files`, by name, as they are at each download."""
    return web_remote(_IN_PROCESS, layout, ObjectFetcher(files.get))


def store_remote(store: Store, layout: Layout) -> Remote:
    """Return a remote that serves what `store` holds."""
    return web_remote(_IN_PROCESS, layout, ObjectFetcher(lambda name: find(store, name)))
