"""tufline sign: accept invitations and sign, after a review of one's own."""

from datetime import datetime
from pathlib import Path

import click

from tufline.signer.commands._options import common_options, key_option, pin_options


@click.command()
@click.argument("event", required=False)
@key_option
@pin_options
@common_options
def command(
    *,
    event: str | None,
    key: str | None,
    pin_fd: int | None,
    pin_file: Path | None,
    yes: bool,
    git_dir: Path,
    now: datetime,
) -> None:
    """Review EVENT here, then accept and sign what waits for me.

    Without EVENT the events that wait for me are listed, and one can be chosen. A role is not
    signed while somebody is still to accept an invitation that will change it.
    """
    from tufline.signer.commands._ceremony import Ceremony, choose_event
    from tufline.signer.commands._desk import open_desk

    with open_desk(git_dir, now) as desk:
        name = event or choose_event(desk)
        if name:
            keys = desk.keys(key=key, pin_fd=pin_fd, pin_file=pin_file)
            Ceremony(desk=desk, keys=keys, name=name, yes=yes).run()
