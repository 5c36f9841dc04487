"""tufline target: artifacts, together with the metadata that lists them."""

import click

from tufline.signer.commands._target_add import command as add
from tufline.signer.commands._target_list import command as list_
from tufline.signer.commands._target_remove import command as remove


@click.group()
def command() -> None:
    """Add, remove or list artifacts, together with the metadata that lists them."""


for _each in (add, list_, remove):
    command.add_command(_each)
