"""Job: open a signing event for each role that must be signed again before it expires.

Runs on a schedule. A role that gets a new version in an open event is left to that event, and so
is a role whose artifacts the event changes, since the pipeline will make a version of it. An event
that can never be merged, since main has changed the same meanwhile, takes care of nothing.

A branch of the right name that changes nothing is a left-over: it would stop renewal in silence,
so it is replaced. One that changes something else is somebody's work: the event gets another name.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from typing import Final

from tufline.repository.edit import Draft, resign
from tufline.repository.errors import Refusal, TuflineError
from tufline.repository.forge import Task
from tufline.repository.format import (
    ROOT,
    Document,
    InvalidPeriod,
    RoleName,
    artifact_of_path,
    metadata_path,
    role_of_path,
    role_periods,
)
from tufline.repository.history import CorruptRepository, History, Move
from tufline.repository.jobs._events import (
    EVENT_PREFIX,
    MAIN,
    Event,
    load_event,
    new_event,
)
from tufline.repository.jobs._propose import commit_proposal, draft_proposal
from tufline.repository.jobs.place import Place
from tufline.repository.review import VerifierFor, keys_alone
from tufline.repository.state import Lookup, State, delegation_graph

_MOST_REQUESTS: Final = 10


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


class NotRenewed(Refusal):
    """Some roles could not be renewed; the events of all others are open."""

    hint = "mend what is named, or open an event by hand: the roles will expire"

    def __init__(self, problems: Mapping[RoleName, TuflineError]) -> None:
        super().__init__("; ".join(f"{role}: {problem}" for role, problem in problems.items()))
        self.problems = problems
        hints = (*(problem.hint for problem in problems.values()), self.hint)
        self.hint = "; ".join(dict.fromkeys(filter(None, hints)))


def create_signing_events(place: Place) -> Renewals:
    """Open the events that are due, and have them looked at. Running it again opens none.

    Raises `NotRenewed` once all events are open that can be.
    """
    place.history.refresh()
    renewals = decide(place.history, place.now, place.verifiers)
    problems = {}
    for renewal in renewals.opened:
        try:
            _open(place, renewal)
        except TuflineError as problem:
            problems[renewal.role] = problem
    _request(place, renewals)
    if problems:
        raise NotRenewed(problems)
    return renewals


def _request(place: Place, renewals: Renewals) -> None:
    """Have the events looked at that were just opened, or that no run has looked at since.

    Many are not asked for one by one, but all at once.
    """
    shown = place.forge.statuses() if renewals.under_way else {}
    heads = place.history.branches(EVENT_PREFIX) if renewals.opened else {}
    opened = [each.event for each in renewals.opened if each.event in heads]
    unseen = [each.event for each in renewals.under_way if each.event not in shown]
    names = tuple(dict.fromkeys((*opened, *unseen)))
    if len(names) > _MOST_REQUESTS:
        place.forge.request(Task.SIGNING_EVENT)
    else:
        for name in names:
            place.forge.request(Task.SIGNING_EVENT, name)


def decide(history: History, now: datetime, verifiers: VerifierFor = keys_alone) -> Renewals:
    """Return which roles are due, from git alone."""
    main = State(history.files(history.resolve(MAIN)))
    busy = _roles_in_events(history, now, verifiers)
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


def _roles_in_events(
    history: History, now: datetime, verifiers: VerifierFor
) -> dict[RoleName, str]:
    """Return the roles that get a new version in an open event, each with the first such event.

    Anybody may push a branch. One that cannot be read, or that is refused, renews nothing.
    """
    busy: dict[RoleName, str] = {}
    for name in history.branches(EVENT_PREFIX):
        with suppress(CorruptRepository):
            event = load_event(history, name, verifiers=verifiers)
            renewed = tuple(_renewed(event))
            if renewed and not event.review(now=now).errors:
                busy = {**dict.fromkeys(renewed, name), **busy}
    return busy


def _renewed(event: Event) -> Iterator[RoleName]:
    lookup = Lookup(event.proposed)
    for change in event.proposed.files.since(event.known_good.files):
        role, artifact = role_of_path(change.path), artifact_of_path(change.path)
        owner = lookup.owner(artifact) if artifact else None
        if owner and change.path not in event.lineage.stale:
            yield owner
        if role and _renews(event, role):
            yield role


def _renews(event: Event, role: RoleName) -> bool:
    """Whether merging the event, which is possible, would give the role a higher version."""
    before, after = event.known_good.role(role), event.proposed.role(role)
    if event.lineage.merge_bases != 1 or metadata_path(role) in event.lineage.stale:
        return False
    if not isinstance(before, Document) or not isinstance(after, Document):
        return False
    return bool(after.signed.version > before.signed.version)


def _free_name(history: History, wanted: str) -> str:
    """Return `wanted`, or with a number after it if a branch of that name holds other work."""
    names = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
    return next(name for name in names if not _changes_something(history, name))


def _changes_something(history: History, name: str) -> bool:
    if name not in history.branches(name):
        return False
    try:
        event = load_event(history, name)
        return any(event.proposed.files.since(event.known_good.files))
    except CorruptRepository:
        return True  # it is not ours to throw away what cannot be read


def _open(place: Place, renewal: Renewal) -> None:
    left_over = place.history.branches(renewal.event).get(renewal.event)
    if left_over is not None:
        place.history.move([Move(branch=renewal.event, old=left_over, new=None)])

    def edit(draft: Draft) -> None:
        resign(draft, renewal.role)

    event = new_event(place.history, renewal.event, verifiers=place.verifiers)
    message = f"Sign {renewal.role} again, before it expires"
    wanted = draft_proposal(event, edit, message=message, now=place.now)
    commit_proposal(place.history, wanted, author=event.settings.committer, now=place.now)
