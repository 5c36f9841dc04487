"""tufline ci signing-event: bring a signing event up to date and show where it stands."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tufline.repository.commands._options import forge_option, git_dir_option, now_option

if TYPE_CHECKING:
    from tufline.repository.commands._place import ForgeName


@click.command()
@click.argument("event")
@git_dir_option
@forge_option
@now_option
def command(*, event: str, git_dir: Path, forge: "ForgeName", now: datetime) -> None:
    """Update the metadata of EVENT where artifacts ask for it, review it, and show its status.

    Answers JSON. Waiting and refused are answers: the exit status is 0 for them too.
    """
    from tufline.repository.commands._place import open_place
    from tufline.repository.jobs.signing_event import signing_event

    with open_place(git_dir, now, forge) as place:
        outcome = signing_event(place, event)
    status = outcome.status
    answer = {
        "event": event,
        "open": status is not None,
        "merged": outcome.merged,
        "verdict": status.verdict if status else None,
        "head": status.head if status else None,
    }
    click.echo(json.dumps(answer))
