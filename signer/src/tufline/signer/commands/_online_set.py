"""tufline online set: other online keys."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tufline.signer.commands._event import chosen_event, event_option, named_event, the_one
from tufline.signer.commands._options import common_options, online_key_options

if TYPE_CHECKING:
    from tufline.repository.format import RoleName
    from tufline.repository.state import State


@click.command("set")
@click.argument("words", metavar="[EVENT] [ROLE]", nargs=-1)
@event_option
@online_key_options
@click.option("--only", is_flag=True, help="Of snapshot and timestamp, change this one alone.")
@common_options
def command(  # noqa: PLR0913 - one argument for each option
    *,
    words: tuple[str, ...],
    event: str | None,
    online_keys: tuple[str, ...],
    online_public_keys: tuple[Path, ...],
    tried: bool,
    only: bool,
    yes: bool,
    git_dir: Path,
    now: datetime,
) -> None:
    """Let exactly these online keys sign ROLE, in a signing event, open or new.

    ROLE is timestamp or snapshot, which change together unless --only is given, or a delegated
    role that people do not sign. The service of each key is asked for its public part, and the key
    signs a trial before anything is pushed, where its library is installed; if not, the event's
    check does that.
    """
    from tufline.signer._delegating import Wish, apply_wish
    from tufline.signer.commands._desk import open_desk
    from tufline.signer.commands._online_keys import OnlineAnswers
    from tufline.signer.commands._online_keys import online_keys as keys_for

    named, rest = named_event(words, event)
    given = the_one(rest, "ROLE")
    with open_desk(git_dir, now) as desk:
        name = chosen_event(desk, named)
        role = _role(given, desk.event(name).proposed)
        flags = OnlineAnswers(uris=online_keys, public_keys=online_public_keys, tried=tried)
        wish = Wish(role=role, online=keys_for(flags), only=only)
        message = f"Change the online keys of {role}"
        desk.propose(desk.draft(name, lambda d: apply_wish(wish, d), message=message), yes=yes)


def _role(given: str | None, state: "State") -> "RoleName":
    """Return the role that is named and exists, or that is chosen among those signed online."""
    from tufline.repository.edit import UnknownRole
    from tufline.repository.format import ONLINE_ROLES, TIMESTAMP, role_name
    from tufline.repository.state import delegation_graph
    from tufline.signer._roles import is_signed_online
    from tufline.signer.commands._screen import choose

    delegated = delegation_graph(state).delegators
    if given is not None:
        role = role_name(given)
        if role not in {*ONLINE_ROLES, *delegated}:
            raise UnknownRole(role)
        return role
    found = [TIMESTAMP, *(each for each in delegated if is_signed_online(state, each))]
    names = ["timestamp and snapshot", *found[1:]]
    return found[choose("the online keys of which role", names, flag="ROLE")]
