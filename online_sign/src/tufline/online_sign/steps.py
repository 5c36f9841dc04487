"""Online signing, and what must follow it: on a forge a job's own push starts nothing.

What follows is asked for by where the branches are, so a run after one that was killed asks again.
"""

from dataclasses import dataclass

from tufline.online_sign._keys import OnlineKeys
from tufline.online_sign._not_signed import NotSigned
from tufline.online_sign._run import begin
from tufline.online_sign.event import Signed, sign_sound, sound_event
from tufline.online_sign.job import Outcome, online_sign
from tufline.online_sign.preflight import preflight
from tufline.repository.forge import EventCheck, Task
from tufline.repository.identities import verifier_for
from tufline.repository.jobs import PUBLISH
from tufline.repository.jobs.place import Place
from tufline.repository.jobs.publishing import deployed_now


def sign_main(place: Place, keys: OnlineKeys, *, confirmed_root: str | None) -> Outcome:
    """Do what `online_sign` does, and have publish deployed: perhaps the last time it was not."""
    try:
        outcome = online_sign(
            place.history,
            keys,
            now=place.now,
            deployed=deployed_now(
                place.history, open_store=place.open_store, verifiers=verifier_for
            ),
            confirmed_root=confirmed_root,
        )
    except Exception:  # a key of main failed; what was accepted last may be fresh all the same
        _request_publication(place)
        raise
    _request_publication(place)
    return outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedEvent:
    """What was done for an event.

    Attributes:
        signed: the roles that were signed, and the keys that failed though others were enough.
        check: what the proposed online keys can do; None where the event changes none of them.
        problem: why roles could not be signed, if so. What was checked is worth knowing then, too.
    """

    signed: Signed
    check: EventCheck | None = None
    problem: NotSigned | None = None


def sign_roles(place: Place, name: str, keys: OnlineKeys) -> SignedEvent:
    """Try the keys that the event proposes, and do what `sign_event` does.

    Have the event looked at then, if it is not shown as it is now.
    """
    place.history.refresh()
    event, found = sound_event(place.history, name, now=place.now)
    run = begin(keys, event.settings.online)
    check = preflight(event, run)
    try:
        signed = sign_sound(place.history, event, found, run, now=place.now)
    except NotSigned as problem:
        signed = Signed(roles=(), failed_keys=problem.failed)
        return SignedEvent(signed=signed, check=check, problem=problem)
    status, head = place.forge.statuses().get(name), place.history.branches(name).get(name)
    if head is not None and (status is None or status.head != head):
        place.forge.request(Task.SIGNING_EVENT, name)
    return SignedEvent(signed=signed, check=check)


def _request_publication(place: Place) -> None:
    if PUBLISH in place.history.branches(PUBLISH):
        place.forge.request(Task.PUBLISH)
