"""Make caches forget URLs, by requests or by a program that speaks to them."""

import os
from collections.abc import Sequence
from pathlib import Path

from tufline.repository.cdn._settings import PurgeSettings
from tufline.repository.errors import EnvironmentProblem
from tufline.repository.programs import NotRun, run

_LONGEST_SAID = 300
_SUCCESS = range(200, 300)
_NOT_HELD = 404  # a cache that has nothing under the URL has nothing to forget


class PurgeFailed(EnvironmentProblem):
    """A cache could not be told. What was published stays; clients may get it later."""

    hint = (
        "look at [publish.purge] in tufline.toml and its secret; then `tufline ci publish --purge`"
        " tells caches, as all runs do for 12 hours after something was signed"
    )

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(f"cache not purged: {what}: {reason}")


def purge(settings: PurgeSettings, urls: Sequence[str]) -> None:
    """Make the caches forget the URLs; raise `PurgeFailed`. With no URL nothing is done."""
    if not urls:
        return
    if settings.command:
        _run(settings, urls)
    else:
        _request(settings, urls)


def _run(settings: PurgeSettings, urls: Sequence[str]) -> None:
    """Run the program. Its environment is ours, for that is where clouds' own tools find keys."""
    program = settings.command[0]
    try:
        ran = run(
            [*settings.command, *urls],
            folder=Path.cwd(),
            environment=os.environ,
            timeout=settings.timeout,
        )
    except NotRun as error:
        raise PurgeFailed(program, f"it {error}") from error
    if ran.code:
        said = " ".join(ran.output.split())[-_LONGEST_SAID:]
        raise PurgeFailed(program, f"exit status {ran.code}: {said}")


def _request(settings: PurgeSettings, urls: Sequence[str]) -> None:
    # only who has such a cache pays for the import
    from urllib3 import PoolManager, Retry  # noqa: PLC0415 - see above
    from urllib3.exceptions import HTTPError  # noqa: PLC0415 - see above

    headers = _headers(settings)
    retries = Retry(total=3, allowed_methods=None, backoff_factor=0.2, redirect=0)
    with PoolManager(headers=headers, timeout=settings.timeout, retries=retries) as pool:
        for url in urls:
            try:
                status = pool.request(settings.method or "", url, redirect=False).status
            except HTTPError as error:
                # what the library says could quote the header
                raise PurgeFailed(url, f"no answer ({type(error).__name__})") from None
            if status not in _SUCCESS and status != _NOT_HELD:
                raise PurgeFailed(url, f"HTTP status {status}")


def _headers(settings: PurgeSettings) -> dict[str, str]:
    if settings.header is None or settings.secret_variable is None:
        return {}
    value = os.environ.get(settings.secret_variable, "").strip()
    if not value.isprintable() or not value:
        reason = f"the environment variable {settings.secret_variable} holds no header's value"
        raise PurgeFailed(settings.header, reason)
    return {settings.header: value}
