"""tufline target add: artifacts that are new, or that change."""

from datetime import datetime
from pathlib import Path

import click

from tufline.signer.commands._completing import complete_event_or_file, complete_role
from tufline.signer.commands._event import chosen_event, event_option, named_event
from tufline.signer.commands._options import EXISTING_FILE, common_options


@click.command("add")
@click.argument("words", metavar="[EVENT] FILE...", nargs=-1, shell_complete=complete_event_or_file)
@event_option
@click.option(
    "--role",
    shell_complete=complete_role,
    help="The role that lists them. By default that which may, by the name.",
)
@click.option("--name", help="The name of the one artifact; by default [ROLE/]FILE's last part.")
@click.option(
    "--custom",
    metavar="JSON|@FILE",
    help="Custom data of each, a JSON object; without it, as before. {} takes it away.",
)
@click.option(
    "--hash",
    "algorithms",
    type=click.Choice(["sha256", "sha512"]),
    multiple=True,
    help="A hash to list; repeatable. By default as before, or as the role's others have.",
)
@common_options
@click.pass_context
def command(  # noqa: PLR0913 - one argument for each option
    context: click.Context,
    *,
    words: tuple[str, ...],
    event: str | None,
    role: str | None,
    name: str | None,
    custom: str | None,
    algorithms: tuple[str, ...],
    yes: bool,
    git_dir: Path,
    now: datetime,
) -> None:
    """Add artifacts, or replace them, in a signing event, open or new.

    In git an artifact lies below targets/. Custom data and hashes of artifacts stay as they are
    unless they are given.
    """
    from tufline.repository.format import role_name
    from tufline.signer._artifacts import Addition, add_artifacts, artifact_name, custom_data
    from tufline.signer.commands._desk import open_desk

    named, given = named_event(words, event)
    files = [EXISTING_FILE.convert(each, None, context) for each in given]
    if not files:
        raise click.UsageError("name the files to add: tufline target add FILE...")
    if name and len(files) > 1:
        raise click.UsageError("--name is for one FILE")
    owner = role_name(role) if role else None
    wanted = Addition(
        artifacts={name or artifact_name(file.name, owner): file.read_bytes() for file in files},
        role=owner,
        custom=None if custom is None else custom_data(custom),
        algorithms=algorithms,
    )
    with open_desk(git_dir, now) as desk:
        change = add_artifacts(desk.event(chosen_event(desk, named)), wanted, now=now)
        desk.propose(change, yes=yes)
