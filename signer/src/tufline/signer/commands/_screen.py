"""Speaking with the person at the terminal: what is shown, what is asked.

Answers go to standard output, questions to standard error. Where there is no terminal nothing is
asked: the error names the flag that answers.
"""

import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

import click

from tufline.repository.changes import Changes, changes_between
from tufline.repository.commands import spelled, styled
from tufline.repository.report import terminal
from tufline.repository.review import Ready, Review, Waiting
from tufline.repository.state import State
from tufline.signer.commands._working import working

_YES: Final = "--yes"
_NO: Final = "you did not say yes, so nothing more was done"
_CHOICE: Final = " [y/N]: "  # what click puts after a question
_COLUMNS: Final = 80


def show(title: str, review: Review, known_good: State, proposed: State) -> Changes:
    """Show all that a change does to known good, and what review says of it; return the changes."""
    with working("comparing files"):
        changes = changes_between(known_good, proposed)
        report = terminal(review, changes, title=title, style=styled)
    click.echo(report)
    return changes


def say(text: str) -> None:
    """Tell an answer."""
    click.echo(text)


def hint(text: str) -> None:
    """Tell what to do now, beside the answer."""
    click.echo(text, err=True)


def wrapped(text: str, *, first: str = "", indent: int = 9, width: int = _COLUMNS) -> str:
    """Return a paragraph that fits the screen, begun by `first` and further lines indented."""
    return textwrap.fill(
        text,
        width=width,
        initial_indent=first,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def agree(question: str, *, yes: bool) -> None:
    """Ask for a yes; anything else ends the command with nothing more done."""
    if not wants(question, yes=yes):
        raise click.Abort(_NO)


def wants(question: str, *, yes: bool) -> bool:
    """Ask something that may be declined."""
    if yes:
        return True
    expect_terminal(_YES)
    return click.confirm(wrapped(question, indent=2, width=_COLUMNS - len(_CHOICE)), err=True)


def ask(question: str, *, flag: str, default: str | None = None) -> str:
    """Ask for a text that `flag` could have given."""
    expect_terminal(flag)
    return str(click.prompt(question, default=default, err=True))


def ask_number(question: str, *, flag: str, default: int) -> int:
    """Ask for a whole number from 1 that `flag` could have given."""
    expect_terminal(flag)
    numbers = click.IntRange(min=1)
    return int(click.prompt(question, type=numbers, default=default, err=True))


def choose(question: str, choices: Sequence[str], *, flag: str) -> int:
    """Let the person choose one by number; return its place in `choices`."""
    expect_terminal(flag)
    for number, choice in enumerate(choices, start=1):
        click.echo(f"{number}. {choice}", err=True)
    return choose_shown(question, len(choices), flag=flag)


def choose_shown(question: str, most: int, *, flag: str) -> int:
    """Let the person choose one of what is shown with numbers from 1; return its place."""
    expect_terminal(flag)
    return int(click.prompt(question, type=click.IntRange(1, most), default=1, err=True)) - 1


def at_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty()


def expect_terminal(flag: str) -> None:
    """Raise a usage error that names `flag` where nobody can be asked."""
    if not at_terminal():
        raise click.UsageError(f"there is no terminal to ask at: give {flag}")


def standing(event: str, review: Review) -> str:
    """Return where the event stands, and whom it waits for."""
    match review.verdict:
        case Ready():
            return f"{event} is ready to be merged"
        case Waiting(missing=missing) if missing:
            return f"{event} is waiting for {listed(map(spelled, sorted(missing)))}"
        case Waiting(needs=needs) if needs:
            what = listed(spelled(each.message) for each in needs)
            return wrapped(f"{event} is waiting: {what}")
        case verdict:
            return f"{event} is {verdict.word}"


def listed(names: Iterable[str]) -> str:
    """Return names as a list in a sentence."""
    return ", ".join(names)
