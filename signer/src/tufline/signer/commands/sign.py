"""tufline sign: accept invitations and sign, after a review of one's own."""

from datetime import datetime
from pathlib import Path

import click

from tufline.signer.commands._completing import complete_event
from tufline.signer.commands._offline_options import offline_options
from tufline.signer.commands._options import (
    common_options,
    identity_option,
    key_option,
    pin_options,
)


@click.command()
@click.argument("event", required=False, shell_complete=complete_event)
@key_option
@pin_options
@identity_option
@click.option(
    "--no-wire", is_flag=True, help="Do not compare main with what clients get: no download."
)
@click.option(
    "--root-fingerprint",
    metavar="HEX",
    help="The SHA-256 of the root to trust from the first use on, in place of asking.",
)
@common_options
@offline_options
def command(  # noqa: PLR0913 - one argument for each option
    *,
    event: str | None,
    key: str | None,
    pin_fd: int | None,
    pin_file: Path | None,
    identity_token: Path | None,
    no_wire: bool,
    root_fingerprint: str | None,
    yes: bool,
    git_dir: Path,
    now: datetime,
) -> None:
    """Review EVENT here, then accept and sign what waits for me.

    Without EVENT the events that wait for me are listed, and one can be chosen. A role is not
    signed while somebody is still to accept an invitation that will change it. First main is
    compared with what clients get, where tufline.toml says where that is.
    """
    from tufline.signer.commands._ceremony import Ceremony
    from tufline.signer.commands._choice import choose_event
    from tufline.signer.commands._desk import open_desk
    from tufline.signer.commands._login import login_source
    from tufline.signer.commands._wire import WireCheck

    with open_desk(git_dir, now) as desk:
        name = event or choose_event(desk)
        if name:
            wire = WireCheck(desk=desk, wanted=not no_wire, fingerprint=root_fingerprint)
            token = login_source(identity_token)
            keys = desk.keys(key=key, pin_fd=pin_fd, pin_file=pin_file, login=token)
            Ceremony(desk=desk, keys=keys, name=name, yes=yes, wire=wire).run()
