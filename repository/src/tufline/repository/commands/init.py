"""tufline init: the files of a repository: write them, look at them, bring them up to date."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tufline.repository.commands._options import json_option
from tufline.repository.commands._screen import styled
from tufline.repository.errors import UserError

if TYPE_CHECKING:
    from tufline.repository.init import OnGitHub, Options, Pin, Upgrade

GITHUB: Final = "github"
BARE: Final = "bare"
_ON_GITHUB: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[\w.-]+", re.ASCII)


class NotUpgraded(UserError):
    """There is nothing that an upgrade could start from."""

    hint = "name the top folder of a clone; for a new repository leave out --upgrade"

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} has no workflow that tufline or tuf-on-ci could have written")


class Names(click.ParamType[tuple[str, ...]]):
    """Names that are separated by commas."""

    def __init__(self, name: str, one: Callable[[str], str]) -> None:
        """Take what stands for them in the help, and what returns one as it is to be written."""
        self.name = name
        self._one = one

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the names, each once."""
        if isinstance(value, tuple):
            return value
        try:
            return tuple(dict.fromkeys(self._one(each.strip()) for each in str(value).split(",")))
        except UserError as error:
            self.fail(error.with_hint, param, ctx)


def _maintainer(name: str) -> str:
    from tufline.repository.format import owner

    return owner(name)


def _secret(name: str) -> str:
    from tufline.repository.init import secret

    return secret(name)


@click.command()
@click.argument(
    "folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", default=Path()
)
@click.option(
    "--forge",
    type=click.Choice([GITHUB, BARE]),
    default=GITHUB,
    show_default=True,
    help="What runs the jobs: GitHub's workflows, or a hook and a timer on a plain git server.",
)
@click.option("--name", help="What people call the repository; on GitHub OWNER/NAME.")
@click.option(
    "--maintainers", type=Names("@name,...", _maintainer), default=(), help="Who may merge."
)
@click.option("--metadata-dir", default="metadata", show_default=True, help='"." for Sigstore.')
@click.option("--app", is_flag=True, help="Let workflows act as a GitHub App of yours.")
@click.option(
    "--secrets",
    type=Names("NAME,...", _secret),
    default=(),
    help="What jobs need to tell people: secrets of the environment tufline.",
)
@click.option("--actions", metavar="OWNER/NAME@COMMIT", help="Which actions workflows call.")
@click.option("--check", is_flag=True, help="Instead, say what is missing or unsafe.")
@click.option("--upgrade", is_flag=True, help="Instead, show what newer workflows would change.")
@click.option("--yes", is_flag=True, help="Write what --upgrade shows.")
@json_option
def command(  # noqa: PLR0913 - one argument per option
    *,
    folder: Path,
    forge: str,
    name: str | None,
    maintainers: tuple[str, ...],
    metadata_dir: str,
    app: bool,
    secrets: tuple[str, ...],
    actions: str | None,
    check: bool,
    upgrade: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Write the files of a new TUF repository into DIR. No file that is there is changed.

    With --check, look at DIR and at the repository on GitHub (--name, and GITHUB_TOKEN in the
    environment); exit status 1 if something is missing or unsafe. With --upgrade, show how
    workflows that an older Tufline or tuf-on-ci wrote would change; nothing is written without
    --yes. They keep their secrets, unless --secrets names others.
    """
    if check and upgrade:
        raise click.UsageError("use --check or --upgrade, not both")
    if check:
        _check(folder, forge, name, actions, as_json=as_json)
    elif upgrade:
        _upgrade(folder, actions=actions, maintainers=maintainers, secrets=secrets, write=yes)
    else:
        _checked(forge, name, maintainers)
        on_github = partial(_on_github, actions, app=app, secrets=secrets)
        _write(folder, _options(forge, name or "", maintainers, metadata_dir, on_github))


def _check(
    folder: Path, forge: str, name: str | None, actions: str | None, *, as_json: bool
) -> None:
    from tufline.repository.commands._init_check import check_folder, check_repository

    if forge == GITHUB:
        if not (name or os.environ.get("GITHUB_REPOSITORY")):
            raise click.UsageError("say which repository on GitHub: --name OWNER/NAME")
        check_repository(folder, name=name, actions=actions, as_json=as_json)
    else:
        check_folder(folder, as_json=as_json)


def _checked(forge: str, name: str | None, maintainers: tuple[str, ...]) -> None:
    """Raise `click.UsageError` unless the repository is named, and on GitHub its maintainers."""
    if name is None or not name.isprintable():
        raise click.UsageError("name the repository: --name NAME, on GitHub --name OWNER/NAME")
    if forge == GITHUB and not _ON_GITHUB.fullmatch(name):
        raise click.UsageError(f"{name!r} is no name on GitHub: --name OWNER/NAME")
    if forge == GITHUB and not maintainers:
        raise click.UsageError("say who approves what nobody signs: --maintainers @name,@name")


def _options(
    forge: str,
    name: str,
    maintainers: tuple[str, ...],
    metadata_dir: str,
    on_github: "Callable[[], OnGitHub]",
) -> "Options":
    from tufline.repository.init import OnServer, Options
    from tufline.repository.publish import Layout

    return Options(
        name=name,
        maintainers=maintainers,
        metadata_dir=Layout(metadata_dir=metadata_dir).metadata_dir,
        host=OnServer() if forge == BARE else on_github(),
    )


def _on_github(actions: str | None, *, app: bool, secrets: tuple[str, ...]) -> "OnGitHub":
    from tufline.repository.init import OnGitHub

    return OnGitHub(pin=pin_of(actions), app=app, secrets=secrets)


def pin_of(actions: str | None) -> "Pin":
    """Return the pin that was asked for, or the one of this installation."""
    from tufline.repository.init import installed_pin, pin

    return pin(actions) if actions else installed_pin()


def _write(folder: Path, options: "Options") -> None:
    """Write what is missing, and say what was done with each file."""
    from tufline.repository.init import compare, read_files, render, write_files

    files = render(options)
    found = compare(files, read_files(folder, files))
    write_files(folder, {path: files[path] for path in found.new})
    for path in found.new:
        click.echo(f"{styled('done', 'wrote')}  {path}")
    for path in found.equal:
        click.echo(f"{styled('quiet', 'same')}   {path}")
    for path in found.different:
        click.echo(f"{styled('open', 'kept')}   {path}: it differs from what a new folder gets")
    if found.different:
        click.echo("\ncompare them with those of an empty folder, and take over what you want;")
        click.echo("for workflows, `tufline init --upgrade` shows the difference")
    check = f"see `tufline init . --check --name {options.name}`"
    then = check if options.on_github else "go on as README.md says"
    click.echo(f"\nnext: commit, push main, then {then}")


def _upgrade(
    folder: Path,
    *,
    actions: str | None,
    maintainers: tuple[str, ...],
    secrets: tuple[str, ...],
    write: bool,
) -> None:
    from tufline.repository.format import SETTINGS_PATH
    from tufline.repository.init import (
        OWNERS_PATH,
        WORKFLOWS,
        carry,
        files_below,
        read_files,
        upgrade,
        write_files,
    )

    kept = read_files(folder, [SETTINGS_PATH, OWNERS_PATH])
    existing = {**files_below(folder, WORKFLOWS), **kept}
    if not any(path.startswith(WORKFLOWS) for path in existing):
        raise NotUpgraded(folder)
    carried = carry(existing)
    carried = replace(carried, secrets=secrets or carried.secrets)
    planned = upgrade(existing, carried, pin_of(actions), maintainers)
    _show(planned)
    if not planned.files:
        click.echo("all workflows are as they should be")
    elif write:
        write_files(folder, planned.files)
        click.echo(f"wrote {len(planned.files)} files; look at `git diff`, then commit")
        click.echo("to go back: git revert that commit")
    else:
        click.echo("nothing was written; run again with --yes to write it")


def _show(planned: "Upgrade") -> None:
    click.echo(planned.diff, nl=False)
    for heading, lines in (
        ("no place in the new files; look after these", planned.lost),
        ("left as they are", planned.left),
    ):
        if lines:
            click.echo(styled("heading", f"\n{heading}:"))
        for line in lines:
            click.echo(f"  {line}")
    click.echo()
