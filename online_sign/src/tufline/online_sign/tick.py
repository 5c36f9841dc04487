"""Online signing as a step of `tufline ci tick`, which finds it as an entry point."""

from functools import partial
from typing import Final

from tufline.online_sign._held_back import NotKeptFresh
from tufline.online_sign._keys import KeysByUri, OnlineKeys
from tufline.online_sign._run import FailedKey, Run
from tufline.online_sign.job import MainRefused
from tufline.online_sign.preflight import OnlineKeysCheck
from tufline.online_sign.steps import sign_main, sign_roles
from tufline.repository.errors import EnvironmentProblem, Refusal
from tufline.repository.jobs.checks import Checker
from tufline.repository.jobs.place import Place
from tufline.repository.jobs.tick import OnlineSigning, run_step

PROBLEM: Final = "online-keys"
"""What the problem is called that people are shown while a key fails and others are enough."""


class OldContentRenewed(Refusal):
    """Main is refused; what was accepted before it stays published, and fresh."""

    hint = MainRefused.hint


class Stale(EnvironmentProblem):
    """What clients have could not be kept fresh; what else was due is signed."""

    hint = NotKeptFresh.hint


class KeysFail(EnvironmentProblem):
    """Online keys fail; the others were enough this time."""

    hint = "mend them before another fails too; docs/online-signing.md tells what a reason means"

    def __init__(self, failed: tuple[FailedKey, ...]) -> None:
        super().__init__(f"signed without {'; '.join(map(str, failed))}")


class Untold(EnvironmentProblem):
    """What was to be signed is, but people could not be told of its keys."""


def online_signing(confirmed_root: str | None, keys: OnlineKeys | None = None) -> OnlineSigning:
    """Return the steps of one tick; the keys are those that the metadata names, unless given.

    All steps are one run of the keys: what failed in one is left alone in the others.
    """
    run = Run(keys or KeysByUri())
    return OnlineSigning(publish=partial(_publish, run, confirmed_root), event=partial(_event, run))


def checkers(keys: OnlineKeys | None = None) -> tuple[Checker, ...]:
    """Return the checks of events that can be done where the online keys are."""
    return (OnlineKeysCheck(keys or KeysByUri()),)


def _publish(run: Run, confirmed_root: str | None, place: Place) -> str:
    outcome = sign_main(place, run, confirmed_root=confirmed_root)
    failed, stale = outcome.failed_keys, outcome.not_kept_fresh
    # where nothing was due, nothing was seen of the keys; and these may not have been enough
    seen = not stale and (failed or outcome.signed)
    untold = _report(place, failed) if seen else None
    signed = " and ".join(outcome.signed) or "nothing"
    without = f", without {'; '.join(map(str, failed))}" if failed else ""
    if outcome.refused:
        errors = "; ".join(str(each) for each in outcome.refused.errors)
        raise OldContentRenewed(
            f"main is refused, signed {signed} of what it held before{without}: {errors}"
            + (f"; {stale}" if stale else "")
        )
    if stale:
        raise Stale(f"signed {signed}{without}; {stale}")
    if untold:
        raise Untold(f"signed {signed}{without}, but {untold}")
    return f"signed {signed}{without}"


def _event(run: Run, place: Place, name: str) -> tuple[str, ...]:
    done = sign_roles(place, name, run)
    if done.problem is not None:
        raise done.problem
    failed = done.signed.failed_keys
    if failed and (untold := _report(place, failed)):
        raise Untold(f"signed without {'; '.join(map(str, failed))}, but {untold}")
    return done.signed.roles


def _report(place: Place, failed: tuple[FailedKey, ...]) -> str | None:
    """Open the problem of keys that fail, or close it; return why nobody could be told."""

    def see() -> str:
        if failed:
            raise KeysFail(failed)
        return ""

    problem = run_step(place, PROBLEM, see).problem
    return problem if problem != (KeysFail(failed).with_hint if failed else None) else None
