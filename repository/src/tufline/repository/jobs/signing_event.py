"""Job: bring one signing event up to date, and show where it stands.

Runs whenever a `sign/*` branch or main moves. It commits to the event's branch only, and only what
review accepts: signatures that are offered, metadata that follows artifacts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tufline.repository.changes import changes_between
from tufline.repository.errors import Race, UserError
from tufline.repository.forge import EventStatus, Task
from tufline.repository.format import Document, RoleName
from tufline.repository.history import NoSuchRef
from tufline.repository.jobs._after_merge import delete_branch, finish, is_merged
from tufline.repository.jobs._asks import asks, waits_for_online_key
from tufline.repository.jobs._conflicts import Conflicts
from tufline.repository.jobs._endings import ladder_of, urgent_roles
from tufline.repository.jobs._events import Event, load_event
from tufline.repository.jobs._fold import detached_signers
from tufline.repository.jobs._settle import settle
from tufline.repository.jobs.checks import Checks, run_checks
from tufline.repository.jobs.checks.online_keys import NAME as ONLINE_KEYS
from tufline.repository.jobs.contributions import fold_in
from tufline.repository.jobs.merge import merge_branch
from tufline.repository.jobs.place import Place
from tufline.repository.notify import Kind, Notice, NotSent, Severity, notify
from tufline.repository.report import Standing, event_page, event_summary
from tufline.repository.review import Ready, Refused, Review, Waiting


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """Where the event stands: its status as shown; None if it is over.

    Attributes:
        waits_for_online_key: whether a role of it lacks the signature of a key that nobody holds.
        tasks: the jobs that are to check it.
        untold: the sinks that could not be told whom it waits for.
    """

    event: str
    status: EventStatus | None
    review: Review | None
    merged: bool = False
    waits_for_online_key: bool = False
    tasks: frozenset[Task] = frozenset()
    untold: tuple[NotSent, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """What a run knows beside the event itself: what is shown of events, and who comes first.

    `given` is who had given detached signatures when it began, as (role, "@name").
    """

    shown: Mapping[str, EventStatus]
    conflicts: Conflicts
    given: frozenset[tuple[str, str]] = frozenset()


def signing_event(place: Place, name: str) -> Outcome:
    """Do what the event needs now, and show its status. Running it again changes nothing.

    What others have to do then, such as online signing, is asked for.

    Raises `UserError` where metadata cannot be made to follow; the status is shown all the same.
    """
    place.history.refresh()
    conflicts = Conflicts(place.history, now=place.now, verifiers=place.verifiers)
    around = Around(shown=place.forge.statuses(), conflicts=conflicts)
    outcome = bring_up_to_date(place, name, around)
    if outcome.status is None:
        finish(place, name)
    for task in sorted(outcome.tasks):
        place.forge.request(task, name)
    return outcome


def bring_up_to_date(place: Place, name: str, around: Around) -> Outcome:
    """Do what `signing_event` does with this event alone: an event that is over stays shown.

    Where somebody else pushes to it meanwhile it begins anew, once.
    """
    try:
        return _brought_up_to_date(place, name, around)
    except Race:
        place.history.refresh()
        return _brought_up_to_date(place, name, around)


def _brought_up_to_date(place: Place, name: str, around: Around) -> Outcome:
    try:
        event = load_event(place.history, name, verifiers=place.verifiers)
    except NoSuchRef:
        return Outcome(event=name, status=None, review=None)
    if is_merged(place.history, event.main, event.head):
        delete_branch(place, name, event.head)
        return Outcome(event=name, status=None, review=None)
    found = event.review(now=place.now)
    if not found.errors:
        event = fold_in(place, event)
    around = replace(around, given=detached_signers(event, now=place.now))
    event, found, failure = settle(place, event)
    return _show(place, event, found, failure, around)


def _show(
    place: Place, event: Event, found: Review, failure: UserError | None, around: Around
) -> Outcome:
    """Show where the event stands, and merge it if that is all there is left to do."""
    holder = around.conflicts.holder(event) if isinstance(found.verdict, Ready | Waiting) else None
    previous = around.shown.get(event.name)
    checks = _checks(place, event, found, previous, held=holder is not None)
    asked, signed = asks(
        event,
        found,
        _with_given(previous, around),
        held=holder is not None,
        failed=failure is not None or bool(checks.failed),
        undecided=checks.undecided,
        soon=_soon(event, found, place.now),
    )
    if checks.wanted:  # nobody is asked yet who was not asked before
        asked = tuple(each for each in asked if previous and each in previous.asks)
    standing = Standing(
        event=event.name,
        asks=asked,
        signed=signed,
        now=place.now,
        expiries=_expiries(event, found),
        held_by=holder,
        stale=bool(event.lineage.stale),
        checks=checks.done,
        wanted=tuple(checks.wanted),
    )
    status = _status(event, found, standing)
    untold = _tell(place, status, previous)
    place.forge.show(status)
    if failure is not None:
        raise failure
    by_machine = event.settings.merge.at_threshold and not checks.undecided
    if status.verdict == Ready.word and by_machine:
        merge_branch(place, event.name)
        return Outcome(event=event.name, status=None, review=found, merged=True, untold=untold)
    waits = holder is None and not standing.wanted and waits_for_online_key(found)
    return Outcome(
        event=event.name,
        status=status,
        review=found,
        waits_for_online_key=waits,
        tasks=_tasks(status, previous, checks, online=waits, tried=_follows_online_signing(place)),
        untold=untold,
    )


def _with_given(previous: EventStatus | None, around: Around) -> EventStatus | None:
    """Return what was shown, as if detached signatures had counted: who gave a void one is told."""
    return previous and replace(previous, signed=(*previous.signed, *around.given))


def _checks(
    place: Place, event: Event, found: Review, previous: EventStatus | None, *, held: bool
) -> Checks:
    """Have a sound event checked, as far as that is not done or asked for yet.

    Before a machine merges it, what clients and validators say is not taken from what is shown:
    a forge may let others edit that.
    """
    if not isinstance(found.verdict, Ready | Waiting):
        return Checks()
    shown = previous.checks if previous else ()
    if isinstance(found.verdict, Ready) and event.settings.merge.at_threshold and not held:
        here = {each.name for each in place.checkers if each.task is Task.SIGNING_EVENT}
        shown = tuple(each for each in shown if each.name not in here)
    return run_checks(
        place.checkers,
        event,
        found,
        given=place.checked,
        shown=shown,
        now=place.now,
    )


def _tasks(
    status: EventStatus,
    previous: EventStatus | None,
    checks: Checks,
    *,
    online: bool,
    tried: bool,
) -> frozenset[Task]:
    """Return the jobs to ask for. A check is asked for once, or it could be asked for for ever.

    So could online signing, by the job that follows it; `tried` is whether this is that job.
    """
    same = previous is not None and (previous.main, previous.head) == (status.main, status.head)
    asked = previous.wanted if previous is not None and same else ()
    missing = {task for name, task in checks.wanted.items() if task and name not in asked}
    sign = online and not (tried and same)
    return frozenset(missing | ({Task.ONLINE_SIGN} if sign else set()))


def _follows_online_signing(place: Place) -> bool:
    """Whether online signing has just looked at the event, and gave what it saw to this run."""
    return any(each.name == ONLINE_KEYS for each in place.checked)


def _tell(place: Place, status: EventStatus, previous: EventStatus | None) -> tuple[NotSent, ...]:
    """Tell the sinks of whoever must act now and had not to before; the forge tells it itself."""
    known = previous.asks if previous else ()
    if all(ask in known for ask in status.asks):
        return ()
    notice = Notice(
        kind=Kind.ASKED,
        key=status.event,
        title=f"{status.event}: {status.summary}",
        text=f"see the event, or run `tufline review --event {status.event}`",
        severity=Severity.INFO,
    )
    return notify(place.sinks, notice)


def _status(event: Event, found: Review, standing: Standing) -> EventStatus:
    return EventStatus(
        event=event.name,
        main=event.main,
        head=event.head,
        verdict=_verdict(found, standing),
        summary=event_summary(found, standing),
        text=event_page(found, changes_between(event.known_good, event.proposed), standing),
        asks=standing.asks,
        signed=standing.signed,
        stale=standing.stale,
        checks=standing.checks,
        wanted=standing.wanted,
    )


def _verdict(found: Review, standing: Standing) -> str:
    """Return what to show: an event that review accepts may fail, or wait, for another reason."""
    if standing.failed:
        return Refused.word
    waits = standing.held_by is not None or bool(standing.wanted)
    return Waiting.word if waits else found.verdict.word


def _soon(event: Event, found: Review, now: datetime) -> frozenset[str]:
    """Return the roles whose signers are to be reminded."""
    names = (str(role.name) for role in found.roles)
    return urgent_roles(event.known_good, names, ladder_of(event.settings.watch), now=now)


def _expiries(event: Event, found: Review) -> dict[str, datetime]:
    """Return until when clients can use what main has of the changed roles."""
    known = {role.name: event.known_good.role(RoleName(role.name)) for role in found.roles}
    return {
        role: loaded.signed.expires
        for role, loaded in known.items()
        if isinstance(loaded, Document)
    }
