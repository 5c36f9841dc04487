"""tufline ci tick: everything that is due; what a plain git server's hook and timer run."""

from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tufline.repository.commands._options import git_dir_option, now_option

if TYPE_CHECKING:
    from tufline.repository.jobs.tick import OnlineSigning

ONLINE_SIGNING = "tufline.online-signing"


@click.command()
@click.option("--confirm-root", metavar="SHA256", help="On the first run: the right oldest root.")
@git_dir_option
@now_option
def command(*, confirm_root: str | None, git_dir: Path, now: datetime) -> None:
    """Bring events up to date, open those that are due, sign online, publish.

    One line per step. Exit status 1 if any step failed; the others were done all the same.
    """
    from tufline.repository.commands._place import open_place
    from tufline.repository.jobs.tick import tick

    failed = False
    with open_place(git_dir, now) as place:
        for step in tick(place, _online_signing(confirm_root)):
            failed = failed or step.problem is not None
            click.echo(f"{step.job}: {step.problem or step.said}", err=step.problem is not None)
    if failed:
        raise click.exceptions.Exit(1)


def _online_signing(confirmed_root: str | None) -> "OnlineSigning | None":
    """Return how to sign online, if the part that can is installed here."""
    for entry in entry_points(group=ONLINE_SIGNING):
        signing: OnlineSigning = entry.load()(confirmed_root)
        return signing
    return None
