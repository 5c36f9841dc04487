"""Letting clients try what is to be published, or what a store holds."""

from collections.abc import Iterable
from contextlib import ExitStack, suppress
from datetime import datetime
from threading import Lock

from tufline.repository.clients import (
    Deployment,
    Inconclusive,
    Read,
    Rejected,
    Trial,
    serve,
    wanted_artifacts,
)
from tufline.repository.errors import Refusal, TuflineError
from tufline.repository.jobs._head import Head
from tufline.repository.jobs.publishing._outside import Outside
from tufline.repository.publish import NoSuchObject, Store


class ClientRefused(Refusal):
    """A real client did not accept what it tried. Production is as it was, unless it is named.

    Attributes:
        store: what was tried: "staging", "planned", "built", "production".
        reason: what the client said.
    """

    hint = "look at what the client said, mend main or the store, and run the command again"

    def __init__(self, store: str, reason: str, *, meanwhile: str = "") -> None:
        super().__init__(f"a client refuses the {store} store: {reason}{meanwhile}")
        self.store = store
        self.reason = reason


def reader(store: Store) -> Read:
    """Return what reads from the store, one file at a time."""
    one_at_a_time = Lock()  # what it reads from may have one reader only, such as git

    def read(name: str) -> bytes | None:
        with one_at_a_time, suppress(NoSuchObject):
            return store.get(name)
        return None

    return read


def try_client(store: Store, head: Head, *, now: datetime) -> str | None:
    """Return why a new client with the oldest root does not accept the store; None if it does."""
    return try_reading(reader(store), head, now=now)


def try_reading(read: Read, head: Head, *, now: datetime, version: int | None = None) -> str | None:
    """Return why a new client does not accept what `read` gives; None if it does.

    It starts with root `version`, by default the oldest that clients may hold.
    """
    from tufline.repository.publish.compliance import (  # noqa: PLC0415 - a network library
        Accepted,
        read_remote,
        run_client,
    )

    name = head.layout.root(version or head.layout.oldest_root)
    try:
        root = read(name)
    except TuflineError as error:
        return str(error)
    if root is None:
        return str(NoSuchObject(name))
    artifacts = tuple(each.path for each in wanted_artifacts(head.state, now=now))
    remote = read_remote(read, head.layout)
    outcome = run_client(remote, root, now=now, artifacts=artifacts, verifier=head.verifier)
    return None if isinstance(outcome, Accepted) else outcome.reason


def expect_client(
    read: Read, head: Head, *, name: str, now: datetime, from_all_roots: bool = False
) -> None:
    """Let the client in this process use what `read` gives; raise `ClientRefused`."""
    roots = head.roots() if from_all_roots else (head.layout.oldest_root,)
    for version in roots:
        reason = try_reading(read, head, now=now, version=version)
        if reason is not None:
            raise ClientRefused(name, reason)


def expect_clients(
    read: Read,
    head: Head,
    *,
    name: str,
    url: str | None = None,
    published: Read | str | None = None,
    now: datetime,
    outside: Outside,
) -> tuple[str, ...]:
    """Let all clients that the settings name use a store; return what says nothing of it.

    Args:
        read: reads what is tried.
        head: what it should hold.
        name: how the store is called.
        url: where clients reach it; by default it is served on loopback for them.
        published: reads what clients have now, or its URL; None where they have nothing.
        now: the time of the clients.
        outside: gives the clients.

    Raises:
        ClientRefused: one of them refuses it.
    """
    clients = outside.clients(head.settings.clients)
    if clients is None:
        return ()
    with ExitStack() as stack:

        def reach(place: Read | str) -> Deployment:
            at = place if isinstance(place, str) else stack.enter_context(serve(place))
            return _deployment(at, head)

        try:
            matrix = clients(
                reach(url or read),
                published=None if published is None else reach(published),
                wanted=wanted_artifacts(head.state, now=now),
                now=now,
            )
        except (TuflineError, OSError) as error:
            return (f"the clients could not be started: {error}",)
    if matrix.rejected:
        raise ClientRefused(name, "; ".join(_said(matrix.rejected)))
    return tuple(_said(matrix.inconclusive))


def _deployment(url: str, head: Head) -> Deployment:
    from tufline.repository.publish.compliance import web_remote  # noqa: PLC0415 - as above

    remote = web_remote(url, head.layout)
    return Deployment(
        metadata_url=remote.metadata_url,
        artifacts_url=remote.artifacts_url,
        roots=head.roots(),
    )


def _said(trials: Iterable[Trial]) -> list[str]:
    """Return what clients said, one line for each."""
    lines = []
    for trial in trials:
        match trial.verdict:
            case Rejected(said=said) | Inconclusive(why=said):
                lines.append(f"{trial.client} ({trial.start}): {' '.join(said.split())}")
            case _:
                continue
    return lines
