"""tufline online: the keys that the pipeline signs with."""

import click

from tufline.signer.commands._online_set import command as set_


@click.group()
def command() -> None:
    """Change the keys that the pipeline signs with."""


command.add_command(set_)
