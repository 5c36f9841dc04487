"""tufline init --check: what is missing or unsafe, in this folder and on GitHub."""

import json
import os
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click

from tufline.repository.commands._screen import spelled, styled
from tufline.repository.format import SETTINGS_PATH
from tufline.repository.init import (
    OWNERS_PATH,
    WORKFLOWS,
    Pin,
    Remark,
    Severity,
    carry,
    check,
    check_files,
    files_below,
    installed_pin,
    pin,
    read_files,
    workflows,
)

_KINDS = {
    Severity.MISSING: "refused",
    Severity.UNSAFE: "refused",
    Severity.UNKNOWN: "waiting",
    Severity.FINE: "done",
}
_BAD = frozenset({Severity.MISSING, Severity.UNSAFE})
# What a workflow's environment says, and a maintainer's own need not.
_GITHUB = {"GITHUB_API_URL": "https://api.github.com", "GITHUB_SERVER_URL": "https://github.com"}


def check_folder(folder: Path, *, as_json: bool) -> None:
    """Show what is to be said of the folder of a repository that is on no forge."""
    _show_all(_of_files(read_files(folder, [SETTINGS_PATH]), {}), as_json=as_json)


def check_repository(folder: Path, *, name: str | None, actions: str | None, as_json: bool) -> None:
    """Show what is to be said of a clone, and of the repository on GitHub, `name`."""
    from tufline.repository.forge.github import audit, connect

    kept = read_files(folder, [SETTINGS_PATH, OWNERS_PATH])
    existing = {**files_below(folder, WORKFLOWS), **kept}
    carried = carry(existing)
    expected = workflows(carried.host(_pin(carried.pin, actions)))
    named = {} if name is None else {"GITHUB_REPOSITORY": name}
    with closing(connect({**_GITHUB, **os.environ, **named})) as session:
        facts = audit(session)
    _show_all((*_of_files(existing, expected), *check(facts, expected)), as_json=as_json)


def _show_all(remarks: tuple[Remark, ...], *, as_json: bool) -> None:
    """Exit with 1 if something is missing or unsafe."""
    if as_json:
        click.echo(json.dumps([asdict(each) for each in remarks], indent=2))
    else:
        for each in remarks:
            _show(each)
    if any(each.severity in _BAD for each in remarks):
        raise click.exceptions.Exit(1)


def _pin(used: Pin | None, asked: str | None) -> Pin:
    """Return the pin that was asked for, else the one in use, else that of this installation."""
    return pin(asked) if asked else used or installed_pin()


def _of_files(existing: Mapping[str, bytes], expected: Mapping[str, bytes]) -> tuple[Remark, ...]:
    return check_files(existing, expected, _problem(existing))


def _problem(existing: Mapping[str, bytes]) -> str | None:
    """Return what is wrong with the settings, where there are any."""
    from tufline.repository.settings import InvalidSettings, parse_settings

    try:
        parse_settings(existing.get(SETTINGS_PATH, b""))
    except InvalidSettings as error:
        return str(error)
    return None


def _show(remark: Remark) -> None:
    """Show one remark: what is fine in one line, what is not with why and where."""
    mark = styled(_KINDS[remark.severity], f"{remark.severity.value:8}")
    click.echo(f"{mark} {spelled(remark.what)}")
    if remark.severity is not Severity.FINE:
        click.echo(f"         why: {spelled(remark.why)}")
        click.echo(f"         set: {spelled(remark.where)}")
