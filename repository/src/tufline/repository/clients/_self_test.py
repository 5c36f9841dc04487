"""Whether a client works on this machine at all: it must get on with a repository that is sound.

Without this, a client that cannot start looks like one that refuses: both end with an error. Where
clients are to see another time than the clock's, a second repository tells whether they do: one
that has expired by one of the two times only.
"""

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tufline.repository.clients._installed import Installed, Refused
from tufline.repository.clients._interface import Deployment, Program, Wanted
from tufline.repository.clients._serve import serve
from tufline.repository.clients._sound import sound_repository
from tufline.repository.clients._time import Timing
from tufline.repository.programs import NotRun

_VALID: Final = timedelta(days=1)


def self_test(program: Program, timing: Timing, *, timeout: float) -> str | None:
    """Return why a client does not work here, None if it does."""
    try:
        latest = max(timing.now, timing.clock) + _VALID
        said = _refusal(program, timing, expires=latest, timeout=timeout)
        if said is not None:
            return f"does not work here: of a sound repository it says: {said}"
        if timing.shifted and not _sees_time(program, timing, timeout=timeout):
            return f"cannot be told another time than the clock's, such as {timing.now:%Y-%m-%d}"
    except NotRun as error:
        return str(error)
    return None


def _sees_time(program: Program, timing: Timing, *, timeout: float) -> bool:
    middle = timing.clock + (timing.now - timing.clock) / 2
    refused = _refusal(program, timing, expires=middle, timeout=timeout) is not None
    return refused == (timing.now > middle)


def _refusal(program: Program, timing: Timing, *, expires: datetime, timeout: float) -> str | None:
    """Return what the client says against a sound repository that expires then."""
    files, wanted = sound_repository(expires)
    root = files["metadata/1.root.json"]
    with TemporaryDirectory(prefix="tufline-client-", ignore_cleanup_errors=True) as folder:
        client = Installed(program, Path(folder), timing, timeout=timeout)
        with serve(files.get) as url:
            deployment = Deployment(
                metadata_url=f"{url}metadata/", artifacts_url=f"{url}targets/", roots={1: root}
            )
            return _said(client, deployment, root, wanted)


def _said(client: Installed, deployment: Deployment, root: bytes, wanted: Wanted) -> str | None:
    try:
        client.init(root)
        client.download(deployment, [wanted])  # which refreshes first
    except Refused as error:
        return str(error)
    return None
