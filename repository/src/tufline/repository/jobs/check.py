"""Job: look at what is deployed as clients do, now and some days ahead."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tufline.repository.history import History
from tufline.repository.jobs.place import OpenStore, open_directory
from tufline.repository.jobs.publishing import production_of, publish_head, try_client


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What a client would meet at a time; `problem` is None where all is well."""

    at: datetime
    problem: str | None


def check(
    history: History, *, now: datetime, ahead: timedelta, open_store: OpenStore = open_directory
) -> tuple[Checked, ...]:
    """Return what clients meet now and, if nothing is done until then, after `ahead`.

    Raises `NowhereToPublish`; an empty or unreachable store is a problem, not an error.
    """
    history.refresh()
    head = publish_head(history)
    store = production_of(head, open_store)
    times = (now, now + ahead) if ahead else (now,)
    return tuple(Checked(at=at, problem=try_client(store, head, now=at)) for at in times)
