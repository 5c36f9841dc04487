"""What each person has to do for an event, and by when: a checklist, and one line of it.

- [ ] `@bob`: sign `targets` before 2026-12-01, when it expires; run `tufline sign sign/change`
- [x] `@carol`: signed `targets`
"""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, assert_never

from tufline.repository.forge import Act, Ask, CheckVerdict, EventCheck
from tufline.repository.report._text import Sentence, Shown, joined, name, prose, spelled_out
from tufline.repository.review import Finding, Ready, Refused, Review, Unchanged, Waiting

_HOW: Final[Mapping[Act, str]] = {
    Act.SIGN_SOON: " soon",
    Act.SIGN_AGAIN: " again (it has changed)",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where an event stands with people.

    Attributes:
        asks: who must act now.
        signed: by whom each role is signed, as (role, "@name").
        expiries: until when clients can use what main has of a role, by role.
        now: the time it is looked at.
        held_by: the event that comes first, if there is one.
        stale: whether it can never be merged as it is, since main changed the same.
        checks: what was found beside the review.
        wanted: the names of the checks that it waits for.
    """

    event: str
    asks: tuple[Ask, ...]
    signed: tuple[tuple[str, str], ...]
    now: datetime
    expiries: Mapping[str, datetime] = field(default_factory=dict)
    held_by: str | None = None
    stale: bool = False
    checks: tuple[EventCheck, ...] = ()
    wanted: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[EventCheck, ...]:
        """The checks that say that the event must not be merged."""
        return tuple(each for each in self.checks if each.verdict is CheckVerdict.FAILED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """One line of the checklist: all that one person has to do, or has done."""

    done: bool
    text: Sentence


def duties(standing: Standing) -> Iterator[Duty]:
    """Yield a line per person: first whoever proposed the event, then others by name."""
    signers = {who for _, who in standing.signed}
    for who in sorted({*signers, *(ask.who for ask in standing.asks)}):
        asks = [ask for ask in standing.asks if ask.who == who]
        yield Duty(done=not asks, text=_line(standing, who, asks))


def event_summary(review: Review, standing: Standing) -> str:
    """Return where the event stands in one line of plain text, of any length."""
    if standing.stale:
        return "main has changed the same meanwhile: make the change anew from main"
    match review.verdict:
        case Refused(findings=findings):
            number = "1 error" if len(findings) == 1 else f"{len(findings)} errors"
            return f"{number}: {_listed(findings)}"
        case Ready() | Waiting():
            return _of_sound(review.verdict, standing)
        case Unchanged():
            return "nothing differs from main"
        case _:
            assert_never(review.verdict)


def _of_sound(verdict: Ready | Waiting, standing: Standing) -> str:
    """Say what stops an event that review accepts, or that nothing does."""
    if standing.failed:
        return _listed(f"{each.name}: {each.summary}" for each in standing.failed)
    if standing.held_by is not None:
        return f"waiting for {prose(standing.held_by).text}, which changes the same role"
    if standing.wanted:
        return f"waiting for checks, before anybody is asked to sign: {', '.join(standing.wanted)}"
    return _awaited(standing, verdict.needs) if isinstance(verdict, Waiting) else "ready to merge"


def _line(standing: Standing, who: str, asks: list[Ask]) -> Sentence:
    parts = [_duty(standing, ask) for ask in asks]
    open_roles = {ask.role for ask in asks}
    done = [role for role, signer in standing.signed if signer == who and role not in open_roles]
    if done:
        parts.append(("signed ", *joined(map(name, done))))
    if any(ask.act.by_signing for ask in asks):
        parts.append(("run ", _command(standing.event)))
    subject: Sentence = (name(who),) if who else ("whoever proposed this",)
    return (*subject, ": ", *_separated(parts))


def _duty(standing: Standing, ask: Ask) -> Sentence:
    if ask.act.by_signing:
        return _to_sign(standing, ask)
    if ask.act is Act.MERGE:
        return ("merge it",)
    if ask.act is Act.WAIT:
        first = name(standing.held_by or "")
        return ("wait until ", first, " is merged or withdrawn: it changes the same role, too")
    if standing.stale:
        return ("make the change anew from main, which has changed the same meanwhile",)
    return ("mend what is found below, and push again",)


def _to_sign(standing: Standing, ask: Ask) -> Sentence:
    role = name(ask.role)
    if ask.act is Act.ACCEPT:
        return ("accept the invitation to sign ", role)
    how = _HOW.get(ask.act, "")
    return ("sign ", role, how, *_deadline(standing, ask.role))


def _deadline(standing: Standing, role: str) -> Sentence:
    """Return until when clients can do without."""
    expiry = standing.expiries.get(role)
    if expiry is None:
        return ()
    if expiry <= standing.now:
        return (f" at once: what clients have expired on {expiry:%Y-%m-%d}",)
    return (f" before {expiry:%Y-%m-%d}, when it expires",)


def _command(event: str) -> Shown:
    """Return what to type, safe to paste: a branch's name may hold what a shell would run."""
    return Shown(spelled_out(shlex.join(["tufline", "sign", event])))


def _awaited(standing: Standing, needs: tuple[Finding, ...]) -> str:
    people = sorted({ask.who for ask in standing.asks if ask.who})
    if people:
        return f"waiting for {', '.join(people)}"
    return f"waiting: {_listed(needs)}" if needs else "waiting for an online key"


def _listed(items: Iterable[Finding | str]) -> str:
    return "; ".join(prose(str(item)).text for item in items)


def _separated(parts: list[Sentence]) -> Sentence:
    return tuple(piece for part in parts for piece in ("; ", *part))[1:]
