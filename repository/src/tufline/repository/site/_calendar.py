"""`calendar.ics`: when people have to sign, and what ends when (RFC 5545).

An event keeps its UID through all versions of its role, with the version as its sequence: who
imports the file again sees events move, not double. Its stamp is when that version was made, so
that the file changes with the roles and not with each publication.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

from tufline.repository.report import name, prose
from tufline.repository.site._order import ordered
from tufline.repository.status import RepositoryFacts, RoleFacts

if TYPE_CHECKING:
    from icalendar import Alarm, Event

_PRODUCT: Final = "-//tufline//repository//EN"
_A_DAY: Final = timedelta(days=1)
_TWICE_A_DAY: Final = timedelta(hours=12)
# More events than anybody looks at, and seconds to write them.
MOST_ROLES: Final = 200


def calendar(facts: RepositoryFacts) -> bytes:
    """Return the calendar of the roles that people sign; of too many, those that expire first."""
    from icalendar import Calendar  # noqa: PLC0415 - slow to import, and few commands need it

    offline = [role for role in ordered(facts) if not role.online]
    made = Calendar.new(
        uid=_uid("calendar", facts),
        prodid=_PRODUCT,
        name=prose(f"{facts.title}: signing").text,
        description=_contents(len(offline)),
        refresh_interval=_TWICE_A_DAY,
    )
    for role in offline[:MOST_ROLES]:
        for event in _events(role, facts):
            made.add_component(event)
    data: bytes = made.to_ical()
    return data


def _contents(offline: int) -> str:
    if offline <= MOST_ROLES:
        return "When people have to sign which role and when each of these expires."
    return f"The {MOST_ROLES} roles that expire first of {offline} that people sign."


def _events(role: RoleFacts, facts: RepositoryFacts) -> Iterator["Event"]:
    from icalendar import TRANSP, Event  # noqa: PLC0415 - see above

    shown = name(role.name).text
    if role.signing_starts is not None:
        signing = Event.new(
            uid=_uid(f"{role.name}/signing", facts),
            stamp=role.issued or facts.now,
            summary=f"Sign {shown} ({role.threshold} of {len(role.signers)})",
            description=_signers(role),
            start=role.signing_starts,
            end=role.expires,
            sequence=role.version,
            transparency=TRANSP.TRANSPARENT,
        )
        signing.add_component(_alarm(f"{shown}: signing starts", timedelta()))
        yield signing
    yield _expiry(role, facts, shown)


def _expiry(role: RoleFacts, facts: RepositoryFacts, shown: str) -> "Event":
    from icalendar import TRANSP, Event  # noqa: PLC0415 - see above

    event = Event.new(
        uid=_uid(f"{role.name}/expiry", facts),
        stamp=role.issued or facts.now,
        summary=f"{shown} expires",
        description=_signers(role),
        start=role.expires,
        sequence=role.version,
        transparency=TRANSP.TRANSPARENT,
    )
    for before in _reminders(role):
        event.add_component(_alarm(f"{shown} expires", -before))
    return event


def _reminders(role: RoleFacts) -> tuple[timedelta, ...]:
    """Return how long before the end to remind: when half of the signing period is left, a day."""
    if role.signing_starts is None:
        return (_A_DAY,)
    half = (role.expires - role.signing_starts) / 2
    return (half, _A_DAY) if half > _A_DAY else (half,)


def _alarm(text: str, trigger: timedelta) -> "Alarm":
    from icalendar import Alarm  # noqa: PLC0415 - see above

    alarm = Alarm.new(description=text)
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", trigger)
    return alarm


def _signers(role: RoleFacts) -> str:
    return "Signers: " + ", ".join(name(signer).text for signer in role.signers)


def _uid(what: str, facts: RepositoryFacts) -> str:
    return str(uuid5(NAMESPACE_URL, prose(f"{facts.url or facts.title}#{what}").text))
