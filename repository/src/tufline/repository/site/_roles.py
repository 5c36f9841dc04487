"""The table of roles: the top level, the delegated roles that end first, a summary of the rest."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tufline.repository.report import name
from tufline.repository.site._order import ordered
from tufline.repository.site._standing import Standing, standing
from tufline.repository.site._words import Moment, counted, moment, moment_if
from tufline.repository.status import RepositoryFacts, RoleFacts

MOST_ROLES: Final = 200
_MOST_NAMES: Final = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """Some names, spelled out, and how many more there are."""

    shown: tuple[str, ...]
    more: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A role's life in percent of it, from its issue to its end.

    Attributes:
        signing: where signing starts; None if the metadata does not say.
        now: where we are, from 0 to 100.
    """

    signing: float | None
    now: float


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleRow:
    """One role, ready to be shown. `bar` is None where the beginning of the role is not known."""

    name: str
    version: int
    standing: Standing
    issued: Moment | None
    starts: Moment | None
    expires: Moment
    bar: Bar | None
    quorum: str
    signers: Names
    online: bool
    delegators: Names
    artifacts: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rest:
    """The roles without a row: how many, how many of each standing, and when the first ends."""

    number: str
    first: Moment
    counts: tuple[tuple[Standing, str], ...]


def names(all_of_them: tuple[str, ...], most: int = _MOST_NAMES) -> Names:
    """Return the first of the names, spelled out."""
    shown = tuple(name(each).text for each in all_of_them[:most])
    return Names(shown=shown, more=len(all_of_them) - len(shown))


def role_rows(facts: RepositoryFacts) -> tuple[RoleRow, ...]:
    """Return the rows of the table."""
    return tuple(_row(role, facts.now) for role in ordered(facts)[:MOST_ROLES])


def rest(facts: RepositoryFacts) -> Rest | None:
    """Return what the roles without a row have in common; None where all have one."""
    roles = ordered(facts)[MOST_ROLES:]
    if not roles:
        return None
    found = [standing(role, facts.now) for role in roles]
    counts = ((each, f"{found.count(each):,}") for each in reversed(Standing) if each in found)
    return Rest(
        number=f"{len(roles):,} of {len(facts.roles):,} roles",
        first=moment(roles[0].expires, facts.now),
        counts=tuple(counts),
    )


def bar(role: RoleFacts, now: datetime) -> Bar | None:
    """Return the bar of a role."""
    if role.issued is None or role.issued >= role.expires:
        return None
    life = role.expires - role.issued
    starts = role.signing_starts
    return Bar(
        signing=None if starts is None else _percent(starts - role.issued, life),
        now=_percent(now - role.issued, life),
    )


def _percent(part: timedelta, whole: timedelta) -> float:
    return round(min(max(part / whole, 0), 1) * 100, 1)


def _row(role: RoleFacts, now: datetime) -> RoleRow:
    artifacts = role.artifacts
    return RoleRow(
        name=name(role.name).text,
        version=role.version,
        standing=standing(role, now),
        issued=moment_if(role.issued, now),
        starts=moment_if(role.signing_starts, now),
        expires=moment(role.expires, now),
        bar=bar(role, now),
        quorum=f"{role.threshold} of {len(role.signers)}",
        signers=names(role.signers),
        online=role.online,
        delegators=names(role.delegators),
        artifacts=None if artifacts is None else counted(artifacts, "artifact"),
    )
