"""tufline key: a person's own key."""

import click

from tufline.signer.commands import key_create, key_list
from tufline.signer.commands._key_replace import command as replace


@click.group()
def command() -> None:
    """Make, show and change my own key."""


command.add_command(replace)
command.add_command(key_list.command)
command.add_command(key_create.command)
