"""tufline payload: an event in one file, to be signed on a machine without network or clone."""

from datetime import datetime
from pathlib import Path

import click

from tufline.repository.commands import git_dir_option, now_option
from tufline.signer.commands._completing import complete_event


@click.command()
@click.argument("event", shell_complete=complete_event)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file to write, such as one on a medium that you carry.",
)
@now_option
@git_dir_option
def command(*, event: str, output: Path, git_dir: Path, now: datetime) -> None:
    """Write EVENT into one file, with all that is needed to review it.

    On the machine that has the key, without network or clone, run: tufline sign --offline FILE -o
    SIGNATURES. Compare the file's SHA-256 there with the one that is shown here.
    """
    from tufline.signer.commands._carried import write_payload
    from tufline.signer.commands._desk import open_desk

    with open_desk(git_dir, now) as desk:
        write_payload(desk, event, output)
