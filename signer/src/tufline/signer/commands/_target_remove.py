"""tufline target remove: artifacts that go."""

from datetime import datetime
from pathlib import Path

import click

from tufline.signer.commands._completing import complete_event
from tufline.signer.commands._event import chosen_event, event_option, named_event
from tufline.signer.commands._options import common_options


@click.command("remove")
@click.argument("words", metavar="[EVENT] NAME...", nargs=-1, shell_complete=complete_event)
@event_option
@common_options
def command(
    *, words: tuple[str, ...], event: str | None, yes: bool, git_dir: Path, now: datetime
) -> None:
    """Remove artifacts, named as clients name them, in a signing event, open or new."""
    from tufline.signer._artifacts import remove_artifacts
    from tufline.signer.commands._desk import open_desk

    named, names = named_event(words, event)
    if not names:
        raise click.UsageError("name what to remove: tufline target remove NAME...")
    with open_desk(git_dir, now) as desk:
        change = remove_artifacts(desk.event(chosen_event(desk, named)), names, now=now)
        desk.propose(change, yes=yes)
