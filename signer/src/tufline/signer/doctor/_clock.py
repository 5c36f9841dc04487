"""What time others think it is: of the newest commits, and of a web server."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, TypeAlias

from tufline.signer.doctor._finding import Doubt, NotLookedAt, Wrong

Clock: TypeAlias = Callable[[str], datetime | None]
"""Returns the time that the server of a URL says it is; None where it does not say or answer."""

_TOLERANCE: Final = timedelta(minutes=5)
_SECONDS: Final = 10
_MEND: Final = "set the clock of this machine (timedatectl set-ntp true), then run this again"


def clock_of_web(url: str) -> datetime | None:
    """Ask the server for its time, by one HEAD request."""
    import urllib3  # noqa: PLC0415 - a network library

    try:
        answer = urllib3.request("HEAD", url, timeout=_SECONDS, retries=False)
        return parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC)
    except (urllib3.exceptions.HTTPError, KeyError, ValueError):
        return None


def look_at_clock(now: datetime, newest_commit: datetime, url: str | None, clock: Clock) -> str:
    """Return how right the clock is; raise `Wrong` or `Doubt`."""
    if newest_commit > now + _TOLERANCE:
        raise Wrong(f"it is {_shown(now)} here, and main's newest commit is later", _MEND)
    if url is None:
        raise NotLookedAt("tufline.toml names no [publish] url whose server could be asked")
    theirs = clock(url)
    if theirs is None:
        raise Doubt(f"{url} does not say what time it is", "look at the clock of this machine")
    if abs(theirs - now) > _TOLERANCE:
        raise Wrong(f"it is {_shown(now)} here, and {_shown(theirs)} at {url}", _MEND)
    return f"{_shown(now)}, as at {url}"


def _shown(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"
