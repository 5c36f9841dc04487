"""tufline ci hand-over: have main's own workflow look at a signing event, or at all."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tufline.repository.commands._answer import show_answer
from tufline.repository.commands._options import forge_option, git_dir_option

if TYPE_CHECKING:
    from tufline.repository.commands._place import ForgeName


@click.command()
@click.argument("branch")
@forge_option
@git_dir_option
def command(*, branch: str, forge: "ForgeName", git_dir: Path) -> None:
    """Ask for a run of main's workflow on BRANCH, and do nothing else. Answers JSON.

    BRANCH is an event, or `main`: then all events are looked at, and what else is proposed. It is
    all that the workflow of a pushed branch may do, for whoever pushes can change that.
    """
    from tufline.repository.commands._place import open_forge
    from tufline.repository.jobs.hand_over import hand_over

    with open_forge(git_dir, forge) as opened:
        hand_over(opened, branch)
    show_answer({"branch": branch})
