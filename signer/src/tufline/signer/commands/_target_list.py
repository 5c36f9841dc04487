"""tufline target list: what clients can ask for."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tufline.repository.commands import git_dir_option, json_option, now_option

if TYPE_CHECKING:
    from tufline.signer._artifacts import Listed


@click.command("list")
@click.argument("event", required=False)
@git_dir_option
@now_option
@json_option
def command(*, event: str | None, git_dir: Path, now: datetime, as_json: bool) -> None:
    """List the artifacts of signing event EVENT; without it, those of main."""
    from tufline.repository.state import State
    from tufline.signer._artifacts import list_artifacts
    from tufline.signer.commands._desk import open_desk
    from tufline.signer.commands._screen import say

    with open_desk(git_dir, now) as desk:
        if event is None:
            state = State(desk.history.files(desk.history.resolve("main")))
        else:
            state = desk.existing(event).proposed
        found = list(list_artifacts(state))
        if as_json:
            say(json.dumps([_answer(each) for each in found], indent=2))
            return
        for each in found:
            _show(each)
        if not found:
            say(f"{event or 'main'} lists no artifacts")


def _answer(listed: "Listed") -> dict[str, Any]:
    return {
        "name": listed.name,
        "role": listed.role,
        "length": listed.length,
        "hashes": dict(listed.hashes),
        "custom": dict(listed.custom),
    }


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
