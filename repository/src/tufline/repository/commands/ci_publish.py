"""tufline ci publish: judge the publish branch in full, and publish it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from tufline.repository.commands._options import git_dir_option, now_option


@click.command()
@git_dir_option
@now_option
def command(*, git_dir: Path, now: datetime) -> None:
    """Publish for testing, run a client there, then publish for all. Answers JSON."""
    from tufline.repository.history import open_history
    from tufline.repository.jobs.publishing import publish

    with open_history(git_dir) as history:
        done = publish(history, now=now)
    answer: dict[str, Any] = {"commit": done.commit}
    for name, deployment in (("staging", done.staging), ("production", done.production)):
        if deployment is not None:
            counts = {"written": deployment.written, "unchanged": deployment.unchanged}
            answer[name] = counts
    click.echo(json.dumps(answer))
