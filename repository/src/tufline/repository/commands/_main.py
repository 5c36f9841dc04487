"""The way into every command, and the one place where an error becomes words and an exit code."""

import errno
import gc
import os
import sys
import textwrap
import traceback
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import click

from tufline.repository.commands._group import COMMANDS, LazyGroup
from tufline.repository.commands._screen import harmless
from tufline.repository.errors import TuflineError, with_notes

DONE: Final = 0
FAILED: Final = 1
INTERRUPTED: Final = 130

_COLUMNS: Final = 80

# A review makes millions of small objects and hardly a cycle: look for cycles rarely.
_OBJECTS_BETWEEN_COLLECTIONS: Final = 200_000

# Libraries that the extra `github` brings, by the name of their module.
_OF_GITHUB: Final[Mapping[str, str]] = MappingProxyType(
    {"github": "PyGithub", "ruamel": "ruamel.yaml"}
)
_INSTALL_GITHUB: Final = (
    "install Tufline with its extra `github`, in a checkout: pip install './repository[github]'"
)


@click.group(cls=LazyGroup, entry_point_group=COMMANDS)
@click.option("-v", "--verbose", is_flag=True, help="Show where an unexpected error came from.")
@click.version_option(package_name="tufline-repository", message="%(version)s")
def tufline(*, verbose: bool) -> None:
    """Run a TUF repository by GitOps: propose, review, sign, publish."""
    del verbose  # read by `main`, which sees errors that end the command


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code (docs/exit-codes.md)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        outcome = tufline.main(
            arguments, prog_name="tufline", standalone_mode=False, color=_wants_color()
        )
    except click.exceptions.Abort as error:  # with a text where somebody said no
        click.echo(str(error) or "interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - the last place: no traceback reaches a user
        return _failed(error, verbose=bool({"-v", "--verbose"} & set(arguments)))
    return outcome if isinstance(outcome, int) else DONE


def _wants_color() -> bool | None:
    """Return False where the user says so (no-color.org); None: where there is a terminal."""
    return False if os.environ.get("NO_COLOR") else None


def _failed(error: Exception, *, verbose: bool) -> int:
    """Say what went wrong and what to do next."""
    if verbose:
        traceback.print_exception(error, file=sys.stderr)
    click.echo(
        click.style("error:", fg="red", bold=True) + _laid_out(" " + _message(error), 6), err=True
    )
    hint = _hint(error)
    if hint:
        click.echo(click.style("hint:", bold=True) + _laid_out(" " + hint, 5), err=True)
    return FAILED


def _laid_out(text: str, used: int) -> str:
    """Break the lines of a text for a terminal, whose first has `used` columns less.

    Others may have written in it, such as a remote.
    """
    text = harmless(text)
    if not sys.stderr.isatty():
        return text
    lines = (
        textwrap.fill(
            line,
            width=_COLUMNS,
            initial_indent=" " * used if number == 0 else "",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for number, line in enumerate(text.splitlines())
    )
    return "\n".join(lines)[used:]


def _message(error: Exception) -> str:
    if isinstance(error, TuflineError):
        return with_notes(error)
    if isinstance(error, OSError):
        return f"{error.filename or 'the system'}: {(error.strerror or str(error)).lower()}"
    if library := _missing(error):
        return f"this needs the library {library}, which is not installed"
    return f"unexpected {type(error).__name__}: {with_notes(error)}"


def _hint(error: Exception) -> str | None:
    if isinstance(error, TuflineError):
        return error.hint
    if isinstance(error, OSError):
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        return "free some space, then run the command again" if full else None
    if _missing(error):
        return _INSTALL_GITHUB
    return "this is a defect of tufline; run again with -v and report what it prints"


def _missing(error: Exception) -> str | None:
    """Return the optional library whose absence the error means."""
    if not isinstance(error, ModuleNotFoundError):
        return None
    return _OF_GITHUB.get((error.name or "").partition(".")[0])
