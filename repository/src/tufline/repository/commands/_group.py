"""The `tufline` command: subcommands of all installed parts, loaded when they are needed."""

from importlib.metadata import EntryPoint, entry_points
from typing import Any

import click

COMMANDS = "tufline.commands"
CI_COMMANDS = "tufline.commands.ci"


class LazyGroup(click.Group):
    """A group whose commands are the entry points of one group, imported on use."""

    def __init__(self, *args: Any, entry_point_group: str, **kwargs: Any) -> None:  # noqa: ANN401 - passed through to click
        super().__init__(*args, **kwargs)
        self._entry_point_group = entry_point_group

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's interface
        """Return the names of all commands, sorted."""
        return sorted(self._found())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's interface
        """Return the command, or None if no installed part has it."""
        entry = self._found().get(cmd_name)
        command = entry.load() if entry else None
        return command if isinstance(command, click.Command) else None

    def _found(self) -> dict[str, EntryPoint]:
        return {entry.name: entry for entry in entry_points(group=self._entry_point_group)}
