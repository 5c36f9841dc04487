"""Online signing as a step of `tufline ci tick`, which finds it as an entry point."""

from functools import partial

from tufline.online_sign._keys import KeysByUri, OnlineKeys
from tufline.online_sign.job import MainRefused
from tufline.online_sign.steps import sign_main, sign_roles
from tufline.repository.errors import Refusal
from tufline.repository.jobs.place import Place
from tufline.repository.jobs.tick import OnlineSigning


class OldContentRenewed(Refusal):
    """Main is refused; what was accepted before it stays published, and fresh."""

    hint = MainRefused.hint


def online_signing(confirmed_root: str | None, keys: OnlineKeys | None = None) -> OnlineSigning:
    """Return the steps; the keys are those that the metadata names, unless others are given."""
    keys = keys or KeysByUri()
    return OnlineSigning(
        publish=partial(_publish, keys, confirmed_root), event=partial(_event, keys)
    )


def _publish(keys: OnlineKeys, confirmed_root: str | None, place: Place) -> str:
    outcome = sign_main(place, keys, confirmed_root=confirmed_root)
    signed = " and ".join(outcome.signed) or "nothing"
    if outcome.refused:
        errors = "; ".join(str(each) for each in outcome.refused.errors)
        raise OldContentRenewed(
            f"main is refused, signed {signed} of what it held before: {errors}"
        )
    return f"signed {signed}"


def _event(keys: OnlineKeys, place: Place, name: str) -> tuple[str, ...]:
    return sign_roles(place, name, keys)
