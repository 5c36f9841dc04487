"""Job: delete from the stores what no client can need any more.

What is kept is decided by the publish branch: all that it held since a day, and what it held on
that day; and every older state whose snapshot is still valid, because a client, a mirror or a CDN
may still have it and go by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tufline.repository.format import SNAPSHOT, TIMESTAMP, Document, metadata_path
from tufline.repository.history import History
from tufline.repository.jobs._head import Head, production_of, publish_head
from tufline.repository.jobs.place import OpenStore, open_store
from tufline.repository.publish import prune
from tufline.repository.state import State


@dataclass(frozen=True, kw_only=True, slots=True)
class Pruned:
    """What was deleted, or would be, by place; names, sorted. No staging store: None."""

    staging: tuple[str, ...] | None
    production: tuple[str, ...]


def prune_stores(
    history: History,
    *,
    older_than: timedelta,
    now: datetime,
    dry_run: bool,
    opener: OpenStore = open_store,
) -> Pruned:
    """Prune the staging and the production store; see `publish.prune` for the errors.

    Raises:
        NowhereToPublish: nothing was deleted.
    """
    history.refresh()
    head = publish_head(history)
    production = production_of(head, opener)
    place = head.settings.publish.staging
    stores = [production, *([opener(place)] if place is not None else [])]
    keep = tuple(recent_states(history, head, since=now - older_than, now=now))
    pruned = [
        prune(
            store,
            keep=keep,
            layout=head.layout,
            older_than=older_than,
            now=now,
            dry_run=dry_run,
        )
        for store in stores
    ]
    return Pruned(production=pruned[0], staging=pruned[1] if place is not None else None)


def recent_states(
    history: History, head: Head, *, since: datetime, now: datetime
) -> Iterator[State]:
    """Yield the states of the publish branch that a client may still be at, the newest first."""
    valid: dict[str, bool] = {}
    current = True
    for info in history.first_parents(head.commit):
        state = State(history.files(info.id))
        if state.files.find(metadata_path(TIMESTAMP)) is None:
            continue  # what main was before anything was published
        if current or _is_valid(state, valid, now):
            yield state
        # What this state replaced was what clients got until then.
        current = current and info.when >= since


def _is_valid(state: State, valid: dict[str, bool], now: datetime) -> bool:
    """Whether the state's snapshot has not expired; each is looked at once."""
    entry = state.files.find(metadata_path(SNAPSHOT))
    if entry is None:
        return False
    if entry.id not in valid:
        snapshot = state.snapshot()
        valid[entry.id] = isinstance(snapshot, Document) and snapshot.signed.expires > now
    return valid[entry.id]
