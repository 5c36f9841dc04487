"""tufline events: which signing events are open, and whom they wait for."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tufline.repository.commands._options import (
    git_dir_option,
    json_option,
    now_option,
    remote_option,
)
from tufline.repository.commands._screen import spelled

if TYPE_CHECKING:
    from tufline.repository.jobs.events import OpenEvent


@click.command()
@git_dir_option
@remote_option
@now_option
@json_option
def command(*, git_dir: Path, remote: str | None, now: datetime, as_json: bool) -> None:
    """List the open signing events and whom each waits for.

    With --remote, its branches are listed as they were fetched last; nothing is fetched now.
    """
    from tufline.repository.commands._verifiers import verifiers
    from tufline.repository.history import open_history
    from tufline.repository.jobs.events import open_events

    with open_history(git_dir, pull_remote=remote) as history:
        found = open_events(history, now=now, verifiers=verifiers())
    if as_json:
        click.echo(json.dumps([_answer(each) for each in found], indent=2))
        return
    for each in found:
        click.echo(_line(each))
    if not found:
        click.echo("no signing event is open")


def _answer(event: "OpenEvent") -> dict[str, Any]:
    return {
        "event": event.name,
        "verdict": event.verdict,
        "roles": list(event.roles),
        "waits_for": list(event.waits_for),
    }


def _line(event: "OpenEvent") -> str:
    people = f" for {', '.join(event.waits_for)}" if event.waits_for else ""
    roles = ", ".join(event.roles) or "no role"
    return spelled(f"{event.name}: {event.verdict}{people} ({roles})")
