"""A source that anybody may stand behind: a base URL."""

from typing import Final
from urllib.parse import quote, urlsplit

from tuf.api.exceptions import DownloadHTTPError, DownloadLengthMismatchError

from tufline.signer.importing._errors import SourceUnreadable
from tufline.signer.importing._interface import TooLong
from tufline.signer.wire import WireUnreachable
from tufline.signer.wire._download import NotingFetcher, within

_MISSING: Final = frozenset({403, 404, 410})  # some stores say 403 for what is not there
_PATIENCE: Final = 60.0
_LEAST_RATE: Final = 50_000  # bytes in a second; slower than that is never to end


class WebSource:
    """What lies below a URL. Each file must come in full within its time."""

    def __init__(self, url: str, *, patience: float = _PATIENCE) -> None:
        self.name = url
        self._base = url.rstrip("/") + "/"
        self._patience = patience
        self._fetcher = NotingFetcher()

    def read(self, path: str, limit: int) -> bytes | None:
        """Download a file (`Source`)."""
        url = self._base + quote(path, safe="/@+")
        patience = self._patience + limit / _LEAST_RATE
        try:
            return within(patience, url, lambda: self._download(url, limit))
        except WireUnreachable as error:
            # What `within` says is about signing; its cause is what counts here.
            reason = str(error).rpartition("could not be downloaded: ")[2]
            raise SourceUnreadable(self.name, path, reason) from error

    def names(self, folder: str) -> None:
        """Return None: the web has no listing."""
        del folder

    def _download(self, url: str, limit: int) -> bytes | None:
        try:
            return self._fetcher.download_bytes(url, limit)
        except DownloadHTTPError as error:
            if error.status_code in _MISSING:
                return None
            raise
        except DownloadLengthMismatchError as error:
            raise TooLong from error
        finally:
            self._fetcher.got.clear()


def is_url(text: str) -> bool:
    """Whether the text is a URL of the web."""
    return urlsplit(text).scheme in {"http", "https"}
