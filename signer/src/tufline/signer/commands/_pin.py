"""Where a PIN or a passphrase comes from: a prompt, a file descriptor, or a file."""

import os
from functools import cache
from pathlib import Path

import click

from tufline.repository.errors import UserError
from tufline.signer.commands._screen import expect_terminal
from tufline.signer.keys import PinSource


class NoPin(UserError):
    """What should give the PIN gives none."""

    hint = "its first line must be the PIN"

    def __init__(self, place: str) -> None:
        super().__init__(f"there is no PIN in {place}")


def pin_source(*, pin_fd: int | None, pin_file: Path | None) -> PinSource:
    """Return where PINs and passphrases come from: a terminal is asked each time."""
    if pin_fd is not None and pin_file is not None:
        raise click.UsageError("give --pin-fd or --pin-file, not both")
    if pin_file is not None:
        from_file = cache(lambda: _first_line(pin_file.read_text(), f"file {pin_file}"))
        return lambda _what: from_file()
    if pin_fd is not None:
        from_descriptor = cache(lambda: _first_line(_read(pin_fd), f"file descriptor {pin_fd}"))
        return lambda _what: from_descriptor()
    return _prompt


def _prompt(what: str) -> str:
    expect_terminal("--pin-file or --pin-fd")
    return str(click.prompt(what, hide_input=True, err=True))


def _read(descriptor: int) -> str:
    with os.fdopen(descriptor, closefd=False) as stream:
        return stream.readline()


def _first_line(text: str, place: str) -> str:
    pin = text.partition("\n")[0].rstrip("\r")
    if not pin:
        raise NoPin(place)
    return pin
