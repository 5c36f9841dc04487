"""tufline doctor: whether this machine is ready to sign."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tufline.repository.commands import git_dir_option, json_option, now_option
from tufline.signer.commands._options import key_option, pin_options

if TYPE_CHECKING:
    from tufline.signer.doctor import Finding
    from tufline.signer.keys import PinSource

_MARKS = {"ok": ("done", "ok"), "doubt": ("notice", "?"), "failed": ("error", "FAILED")}
_MARK_WIDTH = 6
_NAME_WIDTH = 11


@click.command()
@git_dir_option
@now_option
@key_option
@pin_options
@click.option("--sign/--no-sign", default=True, help="Make a trial signature with the real key.")
@json_option
def command(
    *,
    git_dir: Path,
    now: datetime,
    key: str | None,
    pin_fd: int | None,
    pin_file: Path | None,
    sign: bool,
    as_json: bool,
) -> None:
    """Check that this machine is ready to sign, and say how to mend what is not.

    Fetches, tries whether a branch could be pushed (without pushing), looks at the token and the
    pinned root, and asks the site that tufline.toml names what time it is; then makes and verifies
    a signature over a scratch text, unless there is neither a PIN nor a terminal to ask for it.
    Exit status 1 if anything failed.
    """
    from tufline.signer.commands._desk import keys_of
    from tufline.signer.doctor import Outcome, Surroundings, examine
    from tufline.signer.wire import pin_folder

    secret = _secret(pin_fd, pin_file)
    surroundings = Surroundings(
        folder=git_dir,
        now=now,
        keys=lambda settings: keys_of(
            settings, key=key, pin_fd=pin_fd, pin_file=pin_file, secret=secret
        ),
        pinned=pin_folder,
        signs=sign,
    )
    found: list[Finding] = []
    for each in examine(surroundings):
        found.append(each)
        if not as_json:
            _show(each)
    if as_json:
        _show_json(found)
    if any(each.outcome is Outcome.FAILED for each in found):
        raise click.exceptions.Exit(1)


def _secret(pin_fd: int | None, pin_file: Path | None) -> "PinSource | None":
    """Return what leaves a check out where no PIN is given and nobody can be asked for it."""
    from tufline.signer.commands._screen import at_terminal

    given = pin_fd is not None or pin_file is not None
    return None if given or at_terminal() else _not_given


def _not_given(what: str) -> str:
    from tufline.signer.doctor import NotLookedAt

    raise NotLookedAt(f"not tried: no {what}; give --pin-file or --pin-fd")


def _show(found: "Finding") -> None:
    from tufline.repository.commands import spelled, styled
    from tufline.signer.commands._screen import say, wrapped
    from tufline.signer.commands._tables import on_terminal

    kind, mark = _MARKS.get(found.outcome, ("quiet", "-"))
    if on_terminal():
        _show_row(found, kind, mark)
        return
    say(styled(kind, wrapped(spelled(found.said), first=f"{mark:7}{found.name}: ")))
    if found.mend:
        say(wrapped(spelled(found.mend), first="       to mend it: "))


def _show_row(found: "Finding", kind: str, mark: str) -> None:
    from tufline.signer.commands._tables import Column, Words, show_row

    columns = Column("", width=_MARK_WIDTH), Column("", width=_NAME_WIDTH), Column("")
    said = [Words(found.said, kind if mark == "FAILED" else "")]
    if found.mend:
        said.append(Words(f"to mend it: {found.mend}"))
    show_row(columns, ([Words(mark, kind)], [Words(found.name)], said))


def _show_json(found: "list[Finding]") -> None:
    import json

    from tufline.signer.commands._screen import say
    from tufline.signer.doctor import Outcome

    checks = [
        {"name": each.name, "outcome": each.outcome, "said": each.said, "mend": each.mend}
        for each in found
    ]
    ready = all(each.outcome is not Outcome.FAILED for each in found)
    say(json.dumps({"ready": ready, "checks": checks}, indent=2))
