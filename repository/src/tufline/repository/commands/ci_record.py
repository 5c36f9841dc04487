"""tufline ci record: write down the signing events that were merged."""

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
    """Record each merged signing event that has no record yet, on the branch `records`.

    Answers JSON: the merge commits, newest first (docs/record.md).
    """
    from tufline.repository.commands._place import open_place
    from tufline.repository.jobs.record import record

    with open_place(git_dir, now, forge) as place:
        recorded = record(place)
    show_answer({"recorded": recorded})
