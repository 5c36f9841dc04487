"""tufline key list: what is attached, and which roles it may sign."""

from datetime import datetime
from pathlib import Path

import click

from tufline.repository.commands import git_dir_option, json_option, now_option


@click.command("list")
@git_dir_option
@now_option
@json_option
def command(*, git_dir: Path, now: datetime, as_json: bool) -> None:
    """Show the keys on attached tokens and in files, and which roles they may sign.

    Needs no PIN and no network: roles are those of main as it was fetched last.
    """
    from tufline.signer.commands._key_list import as_text, overview
    from tufline.signer.commands._key_table import show_keys
    from tufline.signer.commands._screen import say
    from tufline.signer.commands._tables import on_terminal

    del now  # nothing here depends on the time; every command takes it
    found = overview(git_dir)
    if as_json:
        say(found.json())
    elif on_terminal():
        show_keys(found)
    else:
        say(as_text(found))
