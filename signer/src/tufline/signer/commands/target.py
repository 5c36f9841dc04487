"""tufline target: artifacts of a signing event."""

from datetime import datetime
from pathlib import Path

import click

from tufline.signer.commands._options import EXISTING_FILE, common_options


@click.group()
def command() -> None:
    """Add or remove artifacts, together with the metadata that lists them."""


@command.command()
@click.argument("event")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=EXISTING_FILE)
@click.option("--role", help="The role that lists them. By default that which may, by the name.")
@click.option("--name", help="The name of the one artifact; by default [ROLE/]FILE's last part.")
@common_options
def add(
    *,
    event: str,
    files: tuple[Path, ...],
    role: str | None,
    name: str | None,
    yes: bool,
    git_dir: Path,
    now: datetime,
) -> None:
    """Add artifacts to signing event EVENT, or replace them."""
    from tufline.repository.format import role_name
    from tufline.signer._artifacts import add_artifacts, artifact_name
    from tufline.signer.commands._desk import open_desk

    if name and len(files) > 1:
        raise click.UsageError("--name is for one FILE")
    owner = role_name(role) if role else None
    artifacts = {name or artifact_name(file.name, owner): file.read_bytes() for file in files}
    with open_desk(git_dir, now) as desk:
        change = add_artifacts(desk.event(event), artifacts, role=owner, now=now)
        desk.propose(change, yes=yes)


@command.command()
@click.argument("event")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@common_options
def remove(*, event: str, names: tuple[str, ...], yes: bool, git_dir: Path, now: datetime) -> None:
    """Remove artifacts, named as clients name them, in signing event EVENT."""
    from tufline.signer._artifacts import remove_artifacts
    from tufline.signer.commands._desk import open_desk

    with open_desk(git_dir, now) as desk:
        desk.propose(remove_artifacts(desk.event(event), names, now=now), yes=yes)
