"""A step of a scenario, and steps that occur again and again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from tufline.repository.format import RoleName
from tufline.repository.rehearsal._ceremony import Ceremony
from tufline.repository.rehearsal._screen import expect
from tufline.repository.review import Review

Act: TypeAlias = Callable[[Ceremony], str]
"""Plays one step and returns what came of it. Raises `NotAsExpected` if something else did."""

SERVER: Final = "server"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step.

    Attributes:
        point: which chapter it belongs to.
        who: who acts.
        what: what they do, after their name.
        is_attack: whether it must fail visibly.
    """

    point: int
    who: str
    what: str
    act: Act
    is_attack: bool = False


def signs(point: int, who: str, event: str, *, then: str) -> Step:
    """Return the step of somebody who signs; `then` is the event's verdict afterwards."""

    def act(ceremony: Ceremony) -> str:
        before = _signed_by(who, ceremony.server.review(event))
        ceremony.people[who].sign(event)
        after = _signed_by(who, ceremony.verdict(event, then))
        signed = [role for role in after if role not in before]
        expect(signed, f"{event} has no new signature of {who}")
        return f"{', '.join(signed)}; the event is {then}"

    return Step(point=point, who=who, what=f"reviews and signs {event}", act=act)


def merges_and_publishes(point: int, event: str) -> Step:
    """Return the step in which the operator merges an event and the timer does the rest."""

    def act(ceremony: Ceremony) -> str:
        ceremony.server.merge(event)
        ceremony.server.tick()
        expect(not ceremony.server.has_branch(event), f"{event} is still open")
        return f"the client gets it: {ceremony.everything_served()}"

    return Step(point=point, who=SERVER, what=f"merges {event}, signs online, publishes", act=act)


def _signed_by(who: str, review: Review) -> tuple[RoleName, ...]:
    return tuple(role.name for role in review.roles if who in role.signed)
