"""tufline signature: signatures that were made apart from the clone."""

from datetime import datetime
from pathlib import Path

import click

from tufline.repository.commands import git_dir_option, now_option
from tufline.signer.commands._completing import complete_event


@click.group()
def command() -> None:
    """Bring signatures that were made on another machine."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("event", required=False, shell_complete=complete_event)
@now_option
@git_dir_option
def add(*, file: Path, event: str | None, git_dir: Path, now: datetime) -> None:
    """Put the signatures of FILE into EVENT; without EVENT into the one that FILE names.

    FILE is what `tufline sign --offline` has written. Each signature is verified first, and all go
    in one commit. A job then puts them into the metadata.
    """
    from tufline.signer.commands._carried import add_signature_file
    from tufline.signer.commands._desk import open_desk

    with open_desk(git_dir, now) as desk:
        add_signature_file(desk, file, event)
