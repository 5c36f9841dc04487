"""tufline target list: what clients can ask for."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tufline.repository.commands import git_dir_option, json_option, now_option
from tufline.signer.commands._completing import complete_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tufline.signer._artifacts import Listed
    from tufline.signer.commands._tables import Cell


@click.command("list")
@click.argument("event", required=False, shell_complete=complete_event)
@git_dir_option
@now_option
@json_option
def command(*, event: str | None, git_dir: Path, now: datetime, as_json: bool) -> None:
    """List the artifacts of signing event EVENT; without it, those of main."""
    from tufline.repository.state import State
    from tufline.signer._artifacts import list_artifacts
    from tufline.signer.commands._desk import open_desk
    from tufline.signer.commands._screen import say
    from tufline.signer.commands._tables import on_terminal

    with open_desk(git_dir, now) as desk:
        if event is None:
            state = State(desk.history.files(desk.history.resolve("main")))
        else:
            state = desk.existing(event).proposed
        found = list(list_artifacts(state))
        if as_json:
            say(json.dumps([_answer(each) for each in found], indent=2))
            return
        if not found:
            say(f"{event or 'main'} lists no artifacts")
        elif on_terminal():
            _show_table(found)
        else:
            for each in found:
                _show(each)


def _answer(listed: "Listed") -> dict[str, Any]:
    return {
        "name": listed.name,
        "role": listed.role,
        "length": listed.length,
        "hashes": dict(listed.hashes),
        "custom": dict(listed.custom),
    }


def _show_table(found: "Sequence[Listed]") -> None:
    from tufline.signer.commands._screen import say
    from tufline.signer.commands._tables import Column, show_table

    columns = Column("artifact"), Column("role"), Column("bytes", whole=True), Column("hashes")
    show_table(columns, map(_row, found))
    say("")
    say("whole hashes: tufline target list --json")


def _row(listed: "Listed") -> "tuple[Cell, ...]":
    from tufline.signer.commands._tables import Words, shortened

    custom = [Words(json.dumps(listed.custom, sort_keys=True), "quiet")] if listed.custom else []
    hashes = tuple(Words(shortened(f"{kind} {each}")) for kind, each in listed.hashes.items())
    name = (Words(listed.name, "heading"), *custom)
    return name, (Words(listed.role),), (Words(str(listed.length)),), hashes


def _show(listed: "Listed") -> None:
    """Show one artifact: its name may be long and hashes are, so each stands on a line."""
    from tufline.repository.commands import spelled
    from tufline.signer.commands._screen import say

    say(spelled(listed.name))
    say(f"  role {spelled(listed.role)}, {listed.length} bytes")
    for algorithm, digest in listed.hashes.items():
        for line in _wrapped(f"{spelled(algorithm)} {spelled(digest)}"):
            say(line)
    if listed.custom:
        for line in _wrapped(f"custom {json.dumps(listed.custom, sort_keys=True)}"):
            say(line)


def _wrapped(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, width=80, initial_indent="  ", subsequent_indent="    ")
