"""tufline role remove: the end of a delegated role."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tufline.signer.commands._completing import complete_event_or_role
from tufline.signer.commands._event import chosen_event, event_option, named_event, the_one
from tufline.signer.commands._options import common_options

if TYPE_CHECKING:
    from tufline.repository.format import RoleName
    from tufline.repository.state import State
    from tufline.signer._removing import Removal


@click.command("remove")
@click.argument("words", metavar="[EVENT] ROLE", nargs=-1, shell_complete=complete_event_or_role)
@event_option
@common_options
def command(
    *, words: tuple[str, ...], event: str | None, yes: bool, git_dir: Path, now: datetime
) -> None:
    """Remove a delegated role in a signing event, open or new.

    With it go its artifacts, and the roles that only it delegates to, with theirs. Who signs the
    roles that delegate to it signs the change.
    """
    from tufline.signer._removing import remove_role
    from tufline.signer.commands._desk import open_desk

    named, rest = named_event(words, event)
    given = the_one(rest, "ROLE")
    with open_desk(git_dir, now) as desk:
        proposed = desk.event(chosen_event(desk, named))
        removal = remove_role(proposed, _role(given, proposed.proposed), now=now)
        _show(removal)
        desk.propose(removal.change, yes=yes)


def _role(given: str | None, state: "State") -> "RoleName":
    """Return the role that is named, or that is chosen among the delegated ones."""
    from tufline.repository.format import TARGETS, role_name
    from tufline.repository.state import delegation_graph
    from tufline.signer._errors import NoDelegatedRole
    from tufline.signer.commands._screen import choose, expect_terminal

    if given is not None:
        return role_name(given)
    expect_terminal("ROLE")
    found = [role for role in delegation_graph(state).delegators if role != TARGETS]
    if not found:
        raise NoDelegatedRole
    return found[choose("which role goes", found, flag="ROLE")]


def _show(removal: "Removal") -> None:
    """Say what goes with the role, before the whole change is shown."""
    from tufline.repository.commands import spelled
    from tufline.signer.commands._screen import say

    role, *below = removal.roles
    say(f"{role} goes, with its metadata and delegations")
    for each in below:
        say(f"  and the role {each}, to which nobody else delegates")
    for artifact in removal.artifacts:
        say(f"  and the artifact {spelled(artifact)}")
