"""Downloading from a server that may do anything: what was got is noted, and all of it ends."""

import threading
from collections.abc import Callable, Iterator
from typing import Final, TypeVar
from urllib.parse import unquote

from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    SlowRetrievalError,
)
from tuf.ngclient.urllib3_fetcher import Urllib3Fetcher
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

from tufline.signer.wire._errors import WireUnreachable

Result = TypeVar("Result")

_SILENCE: Final = 10  # seconds without one byte
_MISSING: Final = frozenset({403, 404})


class NotingFetcher(Urllib3Fetcher):
    """Downloads as python-tuf does, and notes what it got.

    Attributes:
        got: what was downloaded, by file name.
        last: the last file that was asked for, and its bytes where they came.
    """

    def __init__(self) -> None:
        super().__init__(_SILENCE)
        self.got: dict[str, bytes] = {}
        self.last: tuple[str, bytes | None] = ("", None)
        self._response: BaseHTTPResponse | None = None

    def download_bytes(self, url: str, max_length: int) -> bytes:
        """Download, at most `max_length` bytes; whoever sends more is not listened to further."""
        name = unquote(url.rpartition("/")[2])
        self.last = (name, None)
        try:
            data = super().download_bytes(url, max_length)
        finally:
            if self._response is not None:
                self._response.close()
        self.last = (name, data)
        self.got[name] = data
        return data

    def _chunks(self, response: BaseHTTPResponse) -> Iterator[bytes]:
        self._response = response
        return super()._chunks(response)


def within(patience: float, url: str, act: Callable[[], Result]) -> Result:
    """Do it in a thread that is left behind when it takes longer than `patience`, in seconds.

    A server that sends a byte now and then keeps every read of a socket going for ever. What keeps
    files from coming is raised as `WireUnreachable`, all else as it is.
    """
    outcome: list[Result] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(act())
        except BaseException as error:  # noqa: BLE001 - raised again by who waits
            failure.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(patience)
    if outcome:
        return outcome[0]
    if not failure:
        raise WireUnreachable(url, f"no end after {patience:g} seconds")
    if isinstance(failure[0], DownloadError | HTTPError):
        raise WireUnreachable(url, _in_words(failure[0])) from failure[0]
    raise failure[0]


def in_a_line(error: BaseException) -> str:
    """Return what an error says, which a server may have written, as one line of ASCII."""
    return ascii(" ".join(str(error).split()) or type(error).__name__)[1:-1]


def _in_words(error: DownloadError | HTTPError) -> str:
    cause = _cause(error)
    match error:
        case DownloadHTTPError(status_code=status):
            missing = "nothing is published there: " if status in _MISSING else ""
            return f"{missing}the server answers with HTTP status {status}"
        case DownloadLengthMismatchError():
            return "the server sends more than any client takes"
        case SlowRetrievalError() if not isinstance(cause, NewConnectionError):
            return f"the server was silent for {_SILENCE} seconds"
        case _:
            return in_a_line(cause)


def _cause(error: BaseException) -> BaseException:
    """Return what is behind an error, beneath what urllib3 says of having tried again."""
    cause = error.__cause__ or error
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    return reason or cause
