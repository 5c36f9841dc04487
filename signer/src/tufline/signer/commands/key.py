"""tufline key: a person's own key."""

from datetime import datetime
from pathlib import Path

import click

from tufline.signer.commands._options import common_options, key_option


@click.group()
def command() -> None:
    """Change my own key."""


@command.command()
@click.argument("event")
@key_option
@common_options
def replace(*, event: str, key: str | None, yes: bool, git_dir: Path, now: datetime) -> None:
    """Put my new key in the place of my old one, in every role, in signing event EVENT.

    The new token must be plugged in, and no other unless --key names it. Nothing is signed yet.
    """
    from tufline.repository.edit import Draft, replace_key
    from tufline.signer.commands._desk import open_desk
    from tufline.signer.commands._screen import say

    with open_desk(git_dir, now) as desk:
        person = desk.settings.user
        new_key = desk.keys(key=key, pin_fd=None, pin_file=None).new_key()

        def edit(draft: Draft) -> None:
            replace_key(draft, person, new_key)

        change = desk.draft(event, edit, message=f"Replace the key of {person}")
        desk.propose(change, yes=yes)
        say(f"now run: tufline sign {event}")
