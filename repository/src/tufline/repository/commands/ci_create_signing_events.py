"""tufline ci create-signing-events: open events for roles that must be signed again."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tufline.repository.commands._answer import show_answer
from tufline.repository.commands._options import forge_option, git_dir_option, now_option

if TYPE_CHECKING:
    from tufline.repository.commands._place import ForgeName


@click.command()
@forge_option
@git_dir_option
@now_option
def command(*, forge: "ForgeName", git_dir: Path, now: datetime) -> None:
    """Open a signing event for each role whose signing period has begun. Answers JSON."""
    from tufline.repository.commands._place import open_place
    from tufline.repository.jobs.create_signing_events import create_signing_events

    with open_place(git_dir, now, forge) as place:
        renewals = create_signing_events(place)
    answer = {
        "opened": {each.role: each.event for each in renewals.opened},
        "under_way": {each.role: each.event for each in renewals.under_way},
    }
    show_answer(answer)
