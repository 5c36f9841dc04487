"""Job: open a signing event for each role that must be signed again before it expires.

Runs on a schedule. A role that an open event already changes is left to that event. A branch of
the right name that changes nothing is a left-over: it would stop renewal in silence, so it is
replaced. One that changes something else is somebody's work: the event gets another name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count

from tufline.repository.edit import Draft, resign
from tufline.repository.format import (
    ROOT,
    Document,
    InvalidPeriod,
    RoleName,
    role_of_path,
    role_periods,
)
from tufline.repository.history import History, Move
from tufline.repository.jobs._events import (
    EVENT_PREFIX,
    MAIN,
    load_event,
    new_event,
)
from tufline.repository.jobs._propose import commit_proposal, draft_proposal
from tufline.repository.jobs.place import Place
from tufline.repository.state import State, delegation_graph


@dataclass(frozen=True, kw_only=True, slots=True)
class Renewal:
    """A role that must be signed again, and the event for it."""

    role: RoleName
    event: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Renewals:
    """What is due: events to open, and roles that open events take care of already."""

    opened: tuple[Renewal, ...]
    under_way: tuple[Renewal, ...]


def create_signing_events(place: Place) -> Renewals:
    """Open the events that are due. Running it again opens none."""
    place.history.refresh()
    renewals = decide(place.history, place.now)
    for renewal in renewals.opened:
        _open(place, renewal)
    return renewals


def decide(history: History, now: datetime) -> Renewals:
    """Return which roles are due, from git alone."""
    main = State(history.files(history.resolve(MAIN)))
    busy = _roles_in_events(history)
    opened, under_way = [], []
    for role, version in _due(main, now):
        if role in busy:
            under_way.append(Renewal(role=role, event=busy[role]))
        else:
            name = _free_name(history, f"{EVENT_PREFIX}{role}-v{version + 1}")
            opened.append(Renewal(role=role, event=name))
    return Renewals(opened=tuple(opened), under_way=tuple(under_way))


def _due(main: State, now: datetime) -> Iterator[tuple[RoleName, int]]:
    """Yield the roles whose signing period has begun, with their versions."""
    for role in (ROOT, *delegation_graph(main).delegators):
        loaded = main.role(role)
        if not isinstance(loaded, Document):
            continue
        try:
            periods = role_periods(loaded.signed)
        except InvalidPeriod:
            continue  # the rule `expiry-period` reports it
        if periods and loaded.signed.expires - periods.signing_or_default <= now:
            yield role, loaded.signed.version


def _roles_in_events(history: History) -> dict[RoleName, str]:
    """Return the roles that open events change, each with the first such event."""
    busy: dict[RoleName, str] = {}
    for name in history.branches(EVENT_PREFIX):
        event = load_event(history, name)
        for change in event.proposed.files.since(event.known_good.files):
            role = role_of_path(change.path)
            if role is not None:
                busy.setdefault(role, name)
    return busy


def _free_name(history: History, wanted: str) -> str:
    """Return `wanted`, or with a number after it if a branch of that name holds other work."""
    names = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
    return next(name for name in names if not _changes_something(history, name))


def _changes_something(history: History, name: str) -> bool:
    if name not in history.branches(name):
        return False
    event = load_event(history, name)
    return any(event.proposed.files.since(event.known_good.files))


def _open(place: Place, renewal: Renewal) -> None:
    left_over = place.history.branches(renewal.event).get(renewal.event)
    if left_over is not None:
        place.history.move([Move(branch=renewal.event, old=left_over, new=None)])

    def edit(draft: Draft) -> None:
        resign(draft, renewal.role)

    event = new_event(place.history, renewal.event)
    message = f"Sign {renewal.role} again, before it expires"
    wanted = draft_proposal(event, edit, message=message, now=place.now)
    commit_proposal(place.history, wanted, author=event.settings.committer, now=place.now)
