"""tufline ci online-sign: sign snapshot and timestamp over main."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tufline.online_sign.commands._tell import tell_failed_keys, tell_stale
from tufline.repository.commands import (
    append_to,
    forge_option,
    git_dir_option,
    now_option,
    open_place,
    show_answer,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tufline.online_sign._run import FailedKey
    from tufline.online_sign.job import Outcome
    from tufline.online_sign.steps import SignedEvent
    from tufline.repository.commands import ForgeName


@click.command()
@click.option(
    "--confirm-root",
    envvar="TUFLINE_CONFIRM_ROOT",
    metavar="SHA256",
    help="On the first run: the right oldest root.",
)
@click.option(
    "--event",
    envvar="TUFLINE_EVENT",
    help="Instead, sign the online-signed roles of this signing event.",
)
@forge_option
@git_dir_option
@now_option
def command(
    *, confirm_root: str | None, event: str | None, forge: "ForgeName", git_dir: Path, now: datetime
) -> None:
    """Judge main, sign snapshot and timestamp over it where due, and commit to publish.

    Where main is refused, the last accepted state is renewed instead, and the answer (JSON) says
    why. Exit status 1 then tells the operator that main must be mended. The same where clients are
    kept from new content, and what they have could not be renewed. Before there is a root on main
    there is nothing to do. A key that fails while others are enough is warned of.

    For an event, the online keys that it proposes are tried first; "checks" says what they can do.
    """
    from tufline.online_sign._keys import KeysByUri
    from tufline.online_sign.steps import sign_main, sign_roles
    from tufline.repository.jobs import is_started

    with open_place(git_dir, now, forge) as place:
        if event is not None:
            _answer_event(event, sign_roles(place, event, KeysByUri()))
            return
        place.history.refresh()
        if not is_started(place.history):
            empty: list[str] = []
            answer = {"publish": None, "moved": False, "signed": empty, "refused": empty}
            show_answer(answer | {"failed_keys": empty, "not_kept_fresh": None})
            return
        outcome = sign_main(place, KeysByUri(), confirmed_root=confirm_root)
    _answer(outcome)


def _answer(outcome: "Outcome") -> None:
    refused, stale = outcome.refused, outcome.not_kept_fresh
    answer = {
        "publish": outcome.publish,
        "moved": outcome.moved,
        "signed": list(outcome.signed),
        "refused": [str(each) for each in refused.errors] if refused else [],
        "failed_keys": _failed(outcome.failed_keys),
        "not_kept_fresh": str(stale) if stale else None,
    }
    show_answer(answer)
    tell_failed_keys(outcome.failed_keys, enough=stale is None)
    if stale:
        tell_stale(stale)
    if refused or stale:
        raise click.exceptions.Exit(1)


def _answer_event(event: str, done: "SignedEvent") -> None:
    from tufline.repository.forge import check_json

    answer: dict[str, Any] = {
        "event": event,
        "signed": list(done.signed.roles),
        "checks": [check_json(done.check)] if done.check else [],
        "failed_keys": _failed(done.signed.failed_keys),
    }
    show_answer(answer)
    if done.check:  # for the job that shows them, as text that a shell never sees
        append_to("GITHUB_OUTPUT", f"checks={json.dumps(answer['checks'])}\n")
    if done.problem is not None:
        raise done.problem
    tell_failed_keys(done.signed.failed_keys)


def _failed(keys: "Iterable[FailedKey]") -> list[dict[str, str]]:
    return [{"name": each.name, "reason": each.reason} for each in keys]
