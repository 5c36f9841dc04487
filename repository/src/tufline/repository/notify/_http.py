"""One HTTP request to a service that is told something.

Its URL is a secret for many services, and their answers come from outside. So errors are put in
our own words, and what the library says, which quotes the URL, is dropped from their chain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tufline.repository.notify._interface import NotSent

if TYPE_CHECKING:
    from urllib3 import Retry
    from urllib3.util import Url

_LOOPBACK: Final = frozenset({"127.0.0.1", "[::1]", "localhost"})
_TRY_AGAIN: Final = frozenset({429, 500, 502, 503, 504})
_SUCCESS: Final = range(200, 300)


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long a service is waited for. All times are in seconds.

    Attributes:
        answer: for a connection, and for each part of an answer.
        tries: how often at most.
        pause: before the second try; twice as long before each later one.
        longest_pause: also where the service asks for a longer one.
    """

    answer: float = 5
    tries: int = 4
    pause: float = 1
    longest_pause: int = 10


DEFAULT_PATIENCE: Final = Patience()


def request(
    sink: str,
    method: str,
    url: str,
    *,
    json: Mapping[str, Any] | None = None,
    patience: Patience = DEFAULT_PATIENCE,
) -> None:
    """Make the request until it succeeds; raise `NotSent`. Redirects are not followed."""
    # only who has sinks pays for the import
    from urllib3 import PoolManager  # noqa: PLC0415 - see above
    from urllib3.exceptions import HTTPError  # noqa: PLC0415 - see above

    try:
        _expect_safe(sink, url)
        with PoolManager() as pool:
            answer = pool.request(
                method,
                url,
                json=json,
                redirect=False,
                timeout=patience.answer,
                retries=_retries(patience),
            )
    except HTTPError as error:
        raise NotSent(sink, _reason(error)) from None
    if answer.status not in _SUCCESS:
        raise NotSent(sink, f"the service answered with HTTP status {answer.status}")


def _retries(patience: Patience) -> "Retry":
    from urllib3 import Retry  # noqa: PLC0415 - as above

    return Retry(
        total=patience.tries - 1,
        allowed_methods=None,  # all: a notice that arrives twice is harmless
        status_forcelist=_TRY_AGAIN,
        raise_on_status=False,
        backoff_factor=patience.pause,
        backoff_max=patience.longest_pause,
        retry_after_max=patience.longest_pause,
    )


def _expect_safe(sink: str, url: str) -> None:
    """Make sure that nobody on the way can read a secret."""
    from urllib3.util import parse_url  # noqa: PLC0415 - as above

    parsed: Url = parse_url(url)
    if not parsed.host or (parsed.scheme != "https" and parsed.host not in _LOOPBACK):
        raise NotSent(sink, "its URL does not begin with https://")


def _reason(error: Exception) -> str:
    from urllib3 import exceptions  # noqa: PLC0415 - as above

    match getattr(error, "reason", error):  # of several tries it is the last one's
        case exceptions.LocationValueError():
            return "its URL cannot be understood"
        case exceptions.SSLError():
            return "its certificate is not trusted, or it does not speak TLS"
        case exceptions.NewConnectionError():
            return "nobody listens there, or there is no such host"
        case exceptions.TimeoutError():
            return "no answer in time"
        case _:
            return "the connection broke before the answer was complete"
