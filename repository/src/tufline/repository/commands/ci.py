"""tufline ci: the jobs that a pipeline runs."""

import click

from tufline.repository.commands._group import CI_COMMANDS, LazyGroup


@click.group(cls=LazyGroup, entry_point_group=CI_COMMANDS)
def command() -> None:
    """Run a job of the pipeline. Each may be killed at any point and run again."""
