"""What publishing reaches outside of this process, besides stores; tests give it others."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeAlias

from tufline.repository.cdn import Purge, purge
from tufline.repository.clients import (
    ClientsSettings,
    TryClients,
    programs_of,
    try_clients,
    wanted_artifacts,
)
from tufline.repository.jobs._head import Head

if TYPE_CHECKING:
    from tufline.repository.publish.compliance import Outcome

OpenClients: TypeAlias = Callable[[ClientsSettings], TryClients | None]
"""Returns the clients that the settings name; None: none besides the one in this process."""


class Look(Protocol):
    """Looks at what is published, as a client with the oldest root does."""

    def __call__(self, url: str, head: Head, *, now: datetime, download: bool) -> "Outcome":
        """Return what a client meets at `url`, as of `now`; never raises for what it meets.

        With `download` it also asks for artifacts, a sample of those that `head` lists.
        """
        ...


def look_at(url: str, head: Head, *, now: datetime, download: bool) -> "Outcome":
    """Do so over the network, with python-tuf's client."""
    from tufline.repository.publish.compliance import (  # noqa: PLC0415 - a network library
        run_client,
        web_remote,
    )

    sample = tuple(each.path for each in wanted_artifacts(head.state, now=now)) if download else ()
    remote = web_remote(url, head.layout)
    root = head.root(head.layout.oldest_root)
    return run_client(remote, root, now=now, artifacts=sample, verifier=head.verifier)


def open_clients(settings: ClientsSettings) -> TryClients | None:
    """Open those that are named; python-tuf's alone is the one that runs in this process."""
    if set(settings.use) <= {"python-tuf"}:
        return None
    return try_clients(programs_of(settings, os.environ), timeout=settings.timeout)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outside:
    """The ports. `clock` and `sleep` are in seconds; only differences of the clock count."""

    look: Look = look_at
    purge: Purge = purge
    clients: OpenClients = open_clients
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


OUTSIDE = Outside()
