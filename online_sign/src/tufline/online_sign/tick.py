"""Online signing as a step of `tufline ci tick`, which finds it as an entry point."""

from functools import partial

from tufline.online_sign._keys import KeysByUri
from tufline.online_sign.event import sign_event
from tufline.online_sign.job import MainRefused, online_sign
from tufline.repository.errors import Refusal
from tufline.repository.jobs.place import Place
from tufline.repository.jobs.publishing import deployed_now
from tufline.repository.jobs.tick import OnlineSigning


class OldContentRenewed(Refusal):
    """Main is refused; what was accepted before it stays published, and fresh."""

    hint = MainRefused.hint


def online_signing(confirmed_root: str | None) -> OnlineSigning:
    """Return the steps, with the keys that the metadata names."""
    return OnlineSigning(publish=partial(_publish, confirmed_root), event=_event)


def _publish(confirmed_root: str | None, place: Place) -> str:
    outcome = online_sign(
        place.history,
        KeysByUri(),
        now=place.now,
        deployed=deployed_now(place.history),
        confirmed_root=confirmed_root,
    )
    signed = " and ".join(outcome.signed) or "nothing"
    if outcome.refused:
        errors = "; ".join(str(each) for each in outcome.refused.errors)
        raise OldContentRenewed(
            f"main is refused, signed {signed} of what it held before: {errors}"
        )
    return f"signed {signed}"


def _event(place: Place, name: str) -> str:
    roles = sign_event(place.history, name, KeysByUri(), now=place.now)
    return f"signed {', '.join(roles)}"
