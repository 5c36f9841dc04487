"""Who must act for an event now, and who has signed it. Pure.

Signers are asked only where the event is sound, and only for what no open invitation will change:
whoever signs earlier signs in vain.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from tufline.repository.forge import Act, Ask, EventStatus
from tufline.repository.format import (
    ROOT,
    TARGETS,
    Document,
    InvalidOwner,
    Invitations,
    RoleName,
    is_signer_uri,
    owner,
)
from tufline.repository.jobs._events import Event
from tufline.repository.review import Ready, Refused, Review, RoleReview, Waiting
from tufline.repository.settings import MergeSettings
from tufline.repository.state import delegated_names

Signed: TypeAlias = tuple[tuple[str, str], ...]
"""By whom each role is signed, as (role, "@name"), sorted."""

_MEND: Final = (Ask(act=Act.MEND),)
_WAIT: Final = (Ask(act=Act.WAIT),)


def asks(
    event: Event,
    found: Review,
    previous: EventStatus | None,
    *,
    held: bool = False,
    failed: bool = False,
    undecided: bool = False,
    soon: Collection[str] = (),
) -> tuple[tuple[Ask, ...], Signed]:
    """Return who must act now, and by whom the event is signed.

    Args:
        event: the event.
        found: its review.
        previous: what was shown of it last: who had signed and has to sign once more is told so.
        held: whether an earlier event changes the same role, so that nobody is to sign yet.
        failed: whether its metadata cannot follow its artifacts, or a check says no: it will have
            to change.
        undecided: whether a check says nothing, so that people merge also where a machine would.
        soon: the roles whose signers are to be reminded: what clients have of them ends soon.
    """
    signed = _signed(found)
    if failed:
        return _MEND, signed
    match found.verdict:
        case Refused():
            return _MEND, signed
        case Ready() | Waiting() if held:
            return _WAIT, signed
        case Ready():
            return tuple(_mergers(event.settings.merge, undecided=undecided)), signed
        case Waiting():
            voided = _voided(previous, signed)
            wanted = (_urged(ask, soon) for ask in _signers(event, found, voided))
            return tuple(sorted(set(wanted))), signed
        case _:
            return (), signed


def waits_for_online_key(found: Review) -> bool:
    """Whether a sound event lacks a signature of a key that no person holds."""
    if not isinstance(found.verdict, Waiting):
        return False
    unready = (role for role in found.roles if not role.ready)
    return any(is_signer_uri(name) for role in unready for name in _needed(role))


def _signed(found: Review) -> Signed:
    pairs = {
        (str(role.name), name)
        for role in found.roles
        for name in (*role.signed, *(role.previous.signed if role.previous else ()))
        if _is_person(name)
    }
    return tuple(sorted(pairs))


def _voided(previous: EventStatus | None, signed: Signed) -> set[tuple[str, str]]:
    """Return who had signed which role and has not any more: what they signed has changed."""
    if previous is None:
        return set()
    again = {(ask.role, ask.who) for ask in previous.asks if ask.act is Act.SIGN_AGAIN}
    return {*previous.signed, *again} - set(signed)


def _mergers(settings: MergeSettings, *, undecided: bool) -> Iterator[Ask]:
    if undecided or not settings.at_threshold:
        people = dict.fromkeys(map(owner, settings.maintainers))
        yield from (Ask(act=Act.MERGE, who=person) for person in people)


def _signers(event: Event, found: Review, voided: set[tuple[str, str]]) -> Iterator[Ask]:
    for role in found.roles:
        name = str(role.name)
        yield from (Ask(act=Act.ACCEPT, who=who, role=name) for who in role.invited)
        if role.ready or _blocked(event, role.name) or not _is_new(event, role.name):
            continue
        for who in _needed(role):
            if _is_person(who) and who not in role.invited:
                act = Act.SIGN_AGAIN if (name, who) in voided else Act.SIGN
                yield Ask(act=act, who=who, role=name)


def _urged(ask: Ask, soon: Collection[str]) -> Ask:
    return replace(ask, act=Act.SIGN_SOON) if ask.act is Act.SIGN and ask.role in soon else ask


def _needed(role: RoleReview) -> tuple[str, ...]:
    """Return whose signatures the role lacks: by its delegators, by the root before, or by both."""
    before = role.previous
    lacks_before = before is not None and len(before.signed) < before.threshold
    lacks_now = not lacks_before or len(role.signed) < (role.threshold or 1)
    return (
        *(role.missing if lacks_now else ()),
        *(before.missing if before and lacks_before else ()),
    )


def _blocked(event: Event, role: RoleName) -> bool:
    """Whether the role changes when somebody accepts: it delegates to one with open invitations."""
    invitations = event.proposed.invitations()
    if not isinstance(invitations, Invitations):
        return False
    named = (ROOT, TARGETS) if role == ROOT else delegated_names(event.proposed.role(role))
    return any(set(roles) & set(named) for roles in invitations.roles_of.values())


def _is_new(event: Event, role: RoleName) -> bool:
    """Whether there is something to sign: what is published never gets other signatures."""
    before, after = event.known_good.role(role), event.proposed.role(role)
    if not isinstance(before, Document) or not isinstance(after, Document):
        return True
    return before.payload != after.payload


def _is_person(name: str) -> bool:
    try:
        return owner(name) == name
    except InvalidOwner:
        return False
