"""tufline ci online-sign: sign snapshot and timestamp over main."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tufline.repository.commands import (
    forge_option,
    git_dir_option,
    now_option,
    open_place,
    show_answer,
)

if TYPE_CHECKING:
    from tufline.online_sign.job import Outcome
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
    why. Exit status 1 then tells the operator that main must be mended. Before there is a root on
    main there is nothing to do.
    """
    from tufline.online_sign._keys import KeysByUri
    from tufline.online_sign.steps import sign_main, sign_roles
    from tufline.repository.jobs import is_started

    with open_place(git_dir, now, forge) as place:
        if event is not None:
            roles = sign_roles(place, event, KeysByUri())
            show_answer({"event": event, "signed": list(roles)})
            return
        place.history.refresh()
        if not is_started(place.history):
            show_answer({"publish": None, "moved": False, "signed": [], "refused": []})
            return
        outcome = sign_main(place, KeysByUri(), confirmed_root=confirm_root)
    _answer(outcome)


def _answer(outcome: "Outcome") -> None:
    refused = outcome.refused
    answer = {
        "publish": outcome.publish,
        "moved": outcome.moved,
        "signed": list(outcome.signed),
        "refused": [str(each) for each in refused.errors] if refused else [],
    }
    show_answer(answer)
    if refused:
        raise click.exceptions.Exit(1)
