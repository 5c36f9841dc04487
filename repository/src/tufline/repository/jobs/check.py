"""Job: look at what is deployed as clients do, now and some days ahead."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from tufline.repository.format import historic_root_path
from tufline.repository.history import History
from tufline.repository.jobs.place import OpenStore
from tufline.repository.jobs.place import open_store as open_any_store
from tufline.repository.jobs.publishing import (
    Head,
    deployed_state,
    production_of,
    publish_head,
    try_client,
)
from tufline.repository.review import VerifierFor, keys_alone
from tufline.repository.status import RoleFacts, role_facts

Try: TypeAlias = Callable[[datetime], str | None]
"""Lets a new client update, as of a time; returns why it does not, None if it does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What a client would meet at a time.

    Attributes:
        problem: why it would stop; None if it would not.
        ended: the deployed roles that will have ended then. Clients do without delegated ones.
    """

    at: datetime
    problem: str | None
    ended: tuple[RoleFacts, ...] = ()


def check(
    history: History,
    *,
    now: datetime,
    ahead: timedelta,
    open_store: OpenStore = open_any_store,
    verifiers: VerifierFor = keys_alone,
) -> tuple[Checked, ...]:
    """Return what clients meet now and, if nothing is done until then, after `ahead`.

    It looks at the URL that clients read, or where none is set into the production store. Raises
    `NowhereToPublish`; an empty or unreachable place is a problem, not an error.
    """
    history.refresh()
    head = publish_head(history, verifiers=verifiers)
    try_at = (
        _in_store(head, open_store)
        if head.settings.publish.url is None
        else _from_outside(head, head.settings.publish.url)
    )
    deployed = deployed_state(history, open_store=open_store, verifiers=verifiers)
    roles = tuple(role_facts(deployed)) if deployed else ()
    times = (now, now + ahead) if ahead else (now,)
    return tuple(_checked(at, try_at, roles) for at in times)


def _checked(at: datetime, try_at: Try, roles: tuple[RoleFacts, ...]) -> Checked:
    ended = tuple(role for role in roles if role.expires <= at)
    return Checked(at=at, problem=try_at(at), ended=ended)


def _in_store(head: Head, open_store: OpenStore) -> Try:
    store = production_of(head, open_store)
    return lambda at: try_client(store, head, now=at)


def _from_outside(head: Head, url: str) -> Try:
    """Try no artifacts: what publish holds may be on its way there still."""
    from tufline.repository.publish.compliance import (  # noqa: PLC0415 - a network library
        Rejected,
        run_client,
        web_remote,
    )

    root = head.state.read(historic_root_path(head.layout.oldest_root)) or b""
    remote = web_remote(url, head.layout)

    def try_at(at: datetime) -> str | None:
        outcome = run_client(remote, root, now=at, verifier=head.verifier)
        return f"{url}: {outcome.reason}" if isinstance(outcome, Rejected) else None

    return try_at
