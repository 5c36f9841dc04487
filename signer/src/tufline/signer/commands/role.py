"""tufline role: what becomes of delegated roles."""

import click

from tufline.signer.commands._role_remove import command as remove


@click.group()
def command() -> None:
    """Remove delegated roles. `tufline delegate` makes and changes them."""


command.add_command(remove)
