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
_IN_PROCESS: Final = "https://published.invalid/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Remote:
    """A published repository as clients reach it.

    Attributes:
        base_url: what the names of a `Layout` are relative to; ends with "/".
        fetcher: how to download; None: over the network, as python-tuf does by itself.
        layout: where its files lie.
    """

    base_url: str
    layout: Layout
    fetcher: FetcherInterface | None = None

    @property
    def metadata_url(self) -> str:
        """The client's metadata base URL."""
        folder = self.layout.metadata_dir
        return self.base_url if folder == "." else f"{self.base_url}{folder}/"

    @property
    def artifacts_url(self) -> str:
        """The client's target base URL."""
        return f"{self.base_url}{ARTIFACTS}/"


class ObjectFetcher(FetcherInterface):
    """Downloads from published files in this process, and decodes names as web servers do."""

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        self._read = read

    def _fetch(self, url: str) -> Iterator[bytes]:
        data = self._read(unquote(urlsplit(url).path).removeprefix("/"))
        if data is None:
            raise DownloadHTTPError(f"{url} is not there", _NOT_FOUND)
        return iter((data,))


def mapping_remote(files: Mapping[str, bytes], layout: Layout) -> Remote:
    """Return a remote that serves `files`, by name, as they are at each download."""
    return Remote(base_url=_IN_PROCESS, layout=layout, fetcher=ObjectFetcher(files.get))


def store_remote(store: Store, layout: Layout) -> Remote:
    """Return a remote that serves what `store` holds."""
    fetcher = ObjectFetcher(lambda name: find(store, name))
    return Remote(base_url=_IN_PROCESS, layout=layout, fetcher=fetcher)
