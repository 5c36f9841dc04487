"""Which signing event a change goes into: named first, by --event, or asked for.

The name of an event starts with sign/, and no role's does, so it can stand before a role. Files and
artifacts may be called anything: where --event is given, all words are theirs.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from tufline.signer.commands._completing import complete_event

if TYPE_CHECKING:
    from tufline.signer.commands._desk import Desk

Function = TypeVar("Function", bound=Callable[..., Any])

_FLAG: Final = "--event"
_A_NEW_ONE: Final = "a new one"


def event_option(function: Function) -> Function:
    """Add `--event`."""
    return click.option(
        _FLAG,
        metavar="sign/NAME",
        shell_complete=complete_event,
        help="The signing event for the change, open or new; it may also stand first.",
    )(function)


def named_event(words: Sequence[str], event: str | None) -> tuple[str | None, tuple[str, ...]]:
    """Return the event, where it is named, and the words that are left."""
    from tufline.repository.jobs import EVENT_PREFIX

    if event is None and words and words[0].startswith(EVENT_PREFIX):
        return words[0], tuple(words[1:])
    return event, tuple(words)


def the_one(words: Sequence[str], what: str) -> str | None:
    """Return the only word, or None where there is none; anything else is a usage error."""
    if len(words) > 1:
        given = ", ".join(words)
        raise click.UsageError(
            f"one {what} is wanted, not {given}; an event's name starts with sign/"
        )
    return words[0] if words else None


def chosen_event(desk: "Desk", named: str | None) -> str:
    """Return the event that is named, or that the person chooses among the open ones."""
    from tufline.repository.commands import spelled
    from tufline.repository.jobs import EVENT_PREFIX
    from tufline.signer.commands._screen import ask, choose, expect_terminal

    if named is not None:
        return named
    expect_terminal(_FLAG)
    found = list(desk.history.branches(EVENT_PREFIX))
    if found:
        choices = [*map(spelled, found), _A_NEW_ONE]
        number = choose("which signing event is this for", choices, flag=_FLAG)
        if number < len(found):
            return found[number]
    name = ask("name of the new signing event", flag=_FLAG, default=f"{EVENT_PREFIX}change")
    return name if name.startswith(EVENT_PREFIX) else EVENT_PREFIX + name
