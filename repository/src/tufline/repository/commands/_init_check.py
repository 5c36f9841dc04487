"""tufline init --check: what is missing or unsafe, in this folder and on GitHub."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from tufline.repository.commands._screen import spelled, styled
from tufline.repository.format import SETTINGS_PATH
from tufline.repository.init import (
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


def check_repository(folder: Path, *, on_github: bool, actions: str | None, as_json: bool) -> None:
    """Show all remarks; exit with 1 if something is missing or unsafe."""
    existing = {**files_below(folder, WORKFLOWS), **read_files(folder, [SETTINGS_PATH])}
    remarks = _remarks(existing, actions) if on_github else _of_files(existing, {})
    if as_json:
        click.echo(json.dumps([asdict(each) for each in remarks], indent=2))
    else:
        for each in remarks:
            _show(each)
    if any(each.severity in _BAD for each in remarks):
        raise click.exceptions.Exit(1)


def _remarks(existing: Mapping[str, bytes], actions: str | None) -> tuple[Remark, ...]:
    from tufline.repository.forge.github import audit, connect

    carried = carry(existing)
    expected = workflows(carried.host(_pin(carried.pin, actions)))
    return (*_of_files(existing, expected), *check(audit(connect(os.environ)), expected))


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
