"""What the page says, in the order in which it says it. No markup here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tufline.repository.report import name, prose
from tufline.repository.site._events import EventRow, ForecastRow, event_rows, forecast_rows, late
from tufline.repository.site._order import first_to_end, ordered, top_level
from tufline.repository.site._roles import Names, Rest, RoleRow, names, rest, role_rows
from tufline.repository.site._standing import Standing, standing, worst
from tufline.repository.site._tree import Drawing, drawing
from tufline.repository.site._words import Moment, duration, moment, safe_url
from tufline.repository.status import RepositoryFacts, RoleFacts

_MOST_NEXT: Final = 4
_MOST_WARNINGS: Final = 8
_COMMIT: Final = 12
_WARNINGS: Final = {
    Standing.EXPIRED: "expired",
    Standing.URGENT: "ends soon, and is not signed anew",
    Standing.LATE: "has used up half of its time for signing",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Headline:
    """`before`, `figure`, `after` are one sentence; `figure` is the important part of it."""

    before: str
    figure: str
    after: str
    standing: Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """What ends first among some roles."""

    role: str
    left: str
    expires: Moment


@dataclass(frozen=True, kw_only=True, slots=True)
class Warned:
    """Something that somebody should look at."""

    role: str
    words: str
    standing: Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Signing:
    """Somebody's next signature. `open` is whether it is due already."""

    role: str
    open: bool
    starts: Moment
    expires: Moment
    quorum: str
    signers: Names


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """All of the page. What is from outside is spelled out already."""

    title: str
    now: Moment
    commit: str
    url: str | None
    headline: Headline
    first: End
    people: End | None
    warnings: tuple[Warned, ...]
    more_warnings: int
    next: tuple[Signing, ...]
    more_next: int
    roles: tuple[RoleRow, ...]
    rest: Rest | None
    tree: Drawing | None
    events: tuple[EventRow, ...]
    forecasts: tuple[ForecastRow, ...]


def view(facts: RepositoryFacts) -> Page:
    """Return what the page says of the facts."""
    warnings = tuple(_warnings(facts))
    signings = _next(facts)
    return Page(
        title=prose(facts.title).text or "TUF repository",
        now=moment(facts.now, facts.now),
        commit=prose(facts.commit[:_COMMIT]).text,
        url=safe_url(facts.url),
        headline=_headline(facts),
        first=_end(first_to_end(top_level(facts))[0], facts),
        people=_people(facts),
        warnings=warnings[:_MOST_WARNINGS],
        more_warnings=max(len(warnings) - _MOST_WARNINGS, 0),
        next=tuple(_signing(role, facts) for role in signings[:_MOST_NEXT]),
        more_next=max(len(signings) - _MOST_NEXT, 0),
        roles=role_rows(facts),
        rest=rest(facts),
        tree=drawing(facts),
        events=event_rows(facts),
        forecasts=forecast_rows(facts),
    )


def _headline(facts: RepositoryFacts) -> Headline:
    state = worst(top_level(facts), facts.now)
    if facts.margin > timedelta():
        figure = duration(facts.margin)
        return Headline(
            before="Clients go on for", figure=figure, after="if nobody signs", standing=state
        )
    figure = f"{duration(-facts.margin)} ago"
    return Headline(before="Clients stopped", figure=figure, after="", standing=state)


def _people(facts: RepositoryFacts) -> End | None:
    """Return what ends first if machines go on signing; None if people sign nothing on top."""
    offline = first_to_end(role for role in top_level(facts) if not role.online)
    return _end(offline[0], facts) if offline else None


def _end(role: RoleFacts, facts: RepositoryFacts) -> End:
    left = role.expires - facts.now
    return End(
        role=name(role.name).text,
        left=duration(left) if left > timedelta() else "expired",
        expires=moment(role.expires, facts.now),
    )


def _warnings(facts: RepositoryFacts) -> Iterator[Warned]:
    """Yield what is wrong, worst first: what has ended, what is late, what will be."""
    found = [(standing(role, facts.now), role) for role in ordered(facts)]
    for state, words in _WARNINGS.items():
        for role in (role for each, role in found if each is state):
            distance = moment(role.expires, facts.now).distance
            words_now = f"{words} {distance}" if state is Standing.EXPIRED else words
            yield Warned(role=name(role.name).text, words=words_now, standing=state)
    for forecast in late(facts):
        yield Warned(
            role=name(forecast.role).text,
            words=f"will be {duration(-(forecast.spare or timedelta()))} too late, "
            "if it takes as long as the slowest event so far",
            standing=Standing.LATE,
        )


def _next(facts: RepositoryFacts) -> list[RoleFacts]:
    """Return the roles that people sign and that have not ended, by when their signing starts."""
    due = [
        (role.signing_starts, role.expires, role.name, role)
        for role in facts.roles
        if role.signing_starts is not None and not role.online and role.expires > facts.now
    ]
    return [role for *_, role in sorted(due, key=lambda each: each[:3])]


def _signing(role: RoleFacts, facts: RepositoryFacts) -> Signing:
    starts = role.signing_starts or role.expires
    return Signing(
        role=name(role.name).text,
        open=starts <= facts.now,
        starts=moment(starts, facts.now),
        expires=moment(role.expires, facts.now),
        quorum=f"{role.threshold} of {len(role.signers)}",
        signers=names(role.signers, most=6),
    )
