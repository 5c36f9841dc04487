"""Online signing, and what must follow it: on a forge a job's own push starts nothing.

What follows is asked for by where the branches are, so a run after one that was killed asks again.
"""

from tufline.online_sign._keys import OnlineKeys
from tufline.online_sign.event import sign_event
from tufline.online_sign.job import Outcome, online_sign
from tufline.repository.forge import Task
from tufline.repository.format import RoleName
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
            deployed=deployed_now(place.history, open_store=place.open_store),
            confirmed_root=confirmed_root,
        )
    except Exception:  # a key of main failed; what was accepted last may be fresh all the same
        _request_publication(place)
        raise
    _request_publication(place)
    return outcome


def sign_roles(place: Place, name: str, keys: OnlineKeys) -> tuple[RoleName, ...]:
    """Do what `sign_event` does, and have the event looked at if it is not shown as it is now."""
    signed = sign_event(place.history, name, keys, now=place.now)
    status, head = place.forge.statuses().get(name), place.history.branches(name).get(name)
    if head is not None and (status is None or status.head != head):
        place.forge.request(Task.SIGNING_EVENT, name)
    return signed


def _request_publication(place: Place) -> None:
    if PUBLISH in place.history.branches(PUBLISH):
        place.forge.request(Task.PUBLISH)
