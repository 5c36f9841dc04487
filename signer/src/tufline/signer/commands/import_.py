"""tufline import: a TUF repository that other tools made becomes a signing event."""

from datetime import datetime
from pathlib import Path

import click

from tufline.signer.commands._options import EXISTING_FILE, common_options


@click.command("import")
@click.argument("source")
@click.option(
    "--event", metavar="sign/NAME", default="sign/import", show_default=True, help="The event."
)
@click.option(
    "--answers", type=EXISTING_FILE, help="A TOML file that says whose keys they are, and periods."
)
@click.option(
    "--write-answers",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a file with all that is asked for, to be filled in, and do nothing else.",
)
@click.option("--root", type=EXISTING_FILE, help="A root that I trust: the others must lead to it.")
@click.option("--artifacts", metavar="SOURCE", help="Where the artifacts are, if elsewhere.")
@common_options
def command(  # noqa: PLR0913 - one argument for each option
    *,
    source: str,
    event: str,
    answers: Path | None,
    write_answers: Path | None,
    root: Path | None,
    artifacts: str | None,
    yes: bool,
    git_dir: Path,
    now: datetime,
) -> None:
    """Take a TUF repository that other tools made into a signing event.

    SOURCE is a folder, an http(s) URL, or REVISION[:FOLDER] of this clone. Its roots stay as they
    are, each role gets its next version with what was missing, and clients that hold any of the
    old roots go on. Who signs the old root signs the new one.
    """
    from tufline.signer.commands._desk import open_desk
    from tufline.signer.commands._importing import Import

    with open_desk(git_dir, now) as desk:
        Import(
            desk=desk,
            source=source,
            event=event,
            answers=answers,
            write_answers=write_answers,
            root=root,
            artifacts=artifacts,
            yes=yes,
        ).run()
